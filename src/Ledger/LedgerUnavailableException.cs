namespace Rotunda.Ledger;

/// <summary>The ledger cannot be read or written now (disk full, read-only, damaged, made by a newer release). Nothing was
/// half-written.</summary>
public sealed class LedgerUnavailableException(
    string what,
    Exception? inner = null) : Exception($"The ledger is not available: {what}", inner);
