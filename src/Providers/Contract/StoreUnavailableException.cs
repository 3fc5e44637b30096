namespace Rotunda.Providers.Contract;

/// <summary>
/// The store cannot be read or written now, or its key is missing or wrong. Nothing was half-written, except that a remote store
/// whose answer was lost may hold what was to be written: as pending, where no reader sees it.
/// </summary>
public sealed class StoreUnavailableException(
    string what,
    Exception? inner = null) : Exception($"The secret store is not available: {what}", inner)
{
    /// <summary>How long the store asks to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
