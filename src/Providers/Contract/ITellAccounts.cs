namespace Rotunda.Providers.Contract;

/// <summary>Whether anybody could log in to an account at this moment.</summary>
public enum AccountState
{
    /// <summary>It cannot log in, or does not exist.</summary>
    Locked,
    /// <summary>It can log in, with a value that nobody here may know.</summary>
    Open,
    /// <summary>The system does not tell.</summary>
    CannotTell,
}

/// <param name="Lock">With Open: what a person runs or does to lock it, in one line.</param>
public sealed record AccountReport(AccountState State, string? Lock = null);

/// <summary>
/// A system whose accounts are taken in turn tells whether the one believed idle is. Asked before anything is changed, once a
/// rotation; an undo locks that account, so one that was open could not be given back. Optional, beside IApplyValues.
/// </summary>
public interface ITellAccounts
{
    /// <summary>Looks, and changes nothing. Failures are thrown or CannotTell.</summary>
    Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken);
}
