namespace Rotunda.Testing.VendorFakes;

/// <summary>A request that the real vendor would not have understood. The fake answers 501 and remembers it.</summary>
public sealed class FakeVendorException(string message) : Exception(message);
