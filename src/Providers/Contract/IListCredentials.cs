namespace Rotunda.Providers.Contract;

/// <summary>A credential as it is listed.</summary>
/// <param name="Handle">With the label as it was read there.</param>
/// <param name="CreatedAt">Null if the system does not tell.</param>
/// <param name="LastUsedAt">Null if it was never used, or the system does not tell.</param>
public sealed record ListedCredential(CredentialHandle Handle, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>When it ends by itself; null if it does not, or the system does not tell.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the system shows of the value: its first and last characters around dots or stars, such as <c>sk-…3f9a</c>; null if
    /// nothing.</summary>
    public string? Hint { get; init; }
}

/// <summary>Ability ListCredentials: finds what a lost reply left behind, orphans, and the credential in use.</summary>
public interface IListCredentials
{
    /// <summary>All credentials of the binding, whoever made them; all pages.</summary>
    /// <exception cref="OutcomeException">They cannot be listed now.</exception>
    Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, CancellationToken cancellationToken);
}
