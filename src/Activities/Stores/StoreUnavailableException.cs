namespace Rotunda.Activities.Stores;

/// <summary>The store cannot be read or written now, or its key is missing or wrong. Nothing was half-written.</summary>
public sealed class StoreUnavailableException(string what, Exception? inner = null) : Exception($"The secret store is not available: {what}", inner);
