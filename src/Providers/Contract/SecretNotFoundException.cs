namespace Rotunda.Providers.Contract;

public sealed class SecretNotFoundException(string what) : Exception($"The store has no such value: {what}.");
