using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Secrets that have left the catalog with live credentials, and what is needed to end them: the policy they had, which is kept in the
/// ledger for as long as they are in the catalog.
/// </summary>
public sealed class Leavers(ICatalogSource catalog, ILedger ledger) : IDisposable
{
    private readonly PolicyKeeper _keeper = new(ledger);

    /// <summary>What to say where one is to be ended that has ended.</summary>
    internal static string NothingLive(string secret) =>
        $"'{secret}' has left the catalog, and no credential of it is live: nothing is left to retire. "
            + $"See what was: rotunda history {secret}";

    /// <summary>Keeps the policies of the catalog in force.</summary>
    public Task KeepAsync(RotationCatalog current, CancellationToken cancellationToken) => _keeper.KeepAsync(current, cancellationToken);

    public void Dispose() => _keeper.Dispose();

    /// <summary>Those that have live credentials, by name.</summary>
    public async Task<IReadOnlyList<Leaver>> ListAsync(CancellationToken cancellationToken)
    {
        var leavers = new List<Leaver>();
        if (catalog.Current is not { } current)
        {
            return leavers;
        }

        foreach (var secret in await ledger.ListSecretsAsync(cancellationToken))
        {
            if (await FindAsync(current, secret, cancellationToken) is { } leaver)
            {
                leavers.Add(leaver);
            }
        }

        return leavers;
    }

    /// <summary>Null if it is in the catalog, unknown, or has no live credential any more.</summary>
    public async Task<Leaver?> FindAsync(string name, CancellationToken cancellationToken) =>
        catalog.Current is { } current && await ledger.GetSecretAsync(name, cancellationToken) is { } secret
            ? await FindAsync(current, secret, cancellationToken)
            : null;

    /// <summary>A person takes care of its live credentials from now on, on record.</summary>
    /// <returns>How many there were; null if it is in the catalog, unknown, or has none.</returns>
    /// <exception cref="PlanRefusedException">A rotation of it is open.</exception>
    public async Task<int?> HandOverAsync(string name, string actor, string reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is null)
        {
            return null;
        }

        try
        {
            return await ledger.HandOverAsync(name, actor, reason, cancellationToken);
        }
        catch (InvalidOperationException open)
        {
            throw new PlanRefusedException(open.Message);
        }
    }

    /// <summary>Who in the catalog uses a credential that is to end; null if nobody does.</summary>
    public async Task<string?> SharerAsync(Leaver leaver, CancellationToken cancellationToken)
    {
        var ours = leaver.Live.SelectMany(IdsOf).ToHashSet(StringComparer.Ordinal);
        foreach (var policy in catalog.Current?.Policies.Values ?? [])
        {
            if (policy.Provider.Type == leaver.Kept?.Policy.Provider.Type
                && (await ledger.ListCredentialsAsync(policy.Name, cancellationToken)).Any(c => c.MayBeLive && IdsOf(c).Any(ours.Contains)))
            {
                return policy.Name;
            }
        }

        return null;
    }

    /// <summary>True if a secret of the catalog is delivered to the same place.</summary>
    public bool IsTaken(TargetBinding target) => (catalog.Current?.Policies.Values ?? [])
        .SelectMany(policy => policy.Targets)
        .Any(other => other.Provider.Type == target.Provider.Type && Places.Overlap(other.Provider.Settings, target.Provider.Settings));

    private async Task<Leaver?> FindAsync(RotationCatalog current, SecretRecord secret, CancellationToken cancellationToken)
    {
        if (current.Policies.ContainsKey(secret.Name) || secret.RenamedTo is not null)
        {
            return null;
        }

        var live = (await ledger.ListCredentialsAsync(secret.Name, cancellationToken)).Where(c => c.MayBeLive).ToList();
        return live.Count == 0
            ? null
            : new Leaver(secret, live, KeptPolicy.Of(await ledger.GetPolicyAsync(secret.Name, cancellationToken)));
    }

    private static IEnumerable<string> IdsOf(CredentialRecord credential) =>
        new[] { credential.ProviderCredentialId, credential.Account }.OfType<string>();
}

/// <param name="Live">Its credentials that may be live.</param>
/// <param name="Kept">The policy it had; null if it left before policies were kept.</param>
public sealed record Leaver(SecretRecord Secret, IReadOnlyList<CredentialRecord> Live, KeptPolicy? Kept);
