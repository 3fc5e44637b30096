namespace Rotunda.Providers.Contract;

public sealed record ListedCredential(CredentialHandle Handle, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>Ability ListCredentials: finds what a lost reply left behind, and orphans.</summary>
public interface IListCredentials
{
    /// <summary>All credentials of the binding whose label starts with the prefix; all pages.</summary>
    /// <exception cref="OutcomeException">They cannot be listed now.</exception>
    Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, string labelPrefix, CancellationToken cancellationToken);
}
