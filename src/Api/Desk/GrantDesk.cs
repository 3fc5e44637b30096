using System.Globalization;
using Rotunda.Access;
using Rotunda.Campaigns.Selection;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>Knows whose a secret is, also of one that has left the catalog.</summary>
public sealed class GrantDesk(ICatalogSource catalog, ILedger ledger)
{
    public Sight SightOf(Caller caller) => new(caller, catalog.Current);

    public async Task<SecretMarks> MarksOfAsync(string secret, CancellationToken cancellationToken)
    {
        var policy = catalog.Current?.Policies.GetValueOrDefault(secret)
            ?? KeptPolicy.Of(await ledger.GetPolicyAsync(secret, cancellationToken))?.Policy;
        return new SecretMarks(secret, policy?.Owner, policy?.Tags ?? []);
    }

    /// <summary>By the catalog alone: of one that has left it only the name is known.</summary>
    public SecretMarks MarksInForce(string secret) => catalog.Current?.Policies.GetValueOrDefault(secret) is { } policy
        ? new SecretMarks(secret, policy.Owner, policy.Tags)
        : new SecretMarks(secret, null, []);

    /// <summary>Null for one that is not known.</summary>
    public async Task<string?> SecretOfRotationAsync(string id, CancellationToken cancellationToken) =>
        (await ledger.GetRotationAsync(id, cancellationToken))?.Secret;

    /// <summary>Null for one that is not known.</summary>
    public async Task<string?> SecretOfOrphanAsync(string id, CancellationToken cancellationToken) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (await ledger.ListOrphansAsync(cancellationToken)).FirstOrDefault(one => one.Id == number)?.Secret
            : null;
}
