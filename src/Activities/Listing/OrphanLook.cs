using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Listing;

/// <param name="Found">How many orphans are new in the ledger.</param>
/// <param name="Problem">Why nothing could be listed; null if it could.</param>
public sealed record OrphanReport(int Found, string? Problem = null);

/// <summary>
/// Looks at the provider for what has this ledger's own label and is not in the ledger: a mint that no rotation knows of, or one from
/// after the backup that the ledger was restored from. It becomes an orphan, for a person. On the way the ledger learns when the
/// credentials that it knows end by themselves. Changes nothing at the provider.
/// </summary>
public sealed class OrphanLook(ILedger ledger, ProviderRegistry providers, ProviderList list)
{
    /// <returns>Null where there is nothing to look at: the provider cannot list, or a rotation is under way, which looks itself.</returns>
    public async Task<OrphanReport?> LookAsync(Policy policy, CancellationToken cancellationToken)
    {
        if (!list.Can(policy.Provider)
            || await ledger.GetSecretAsync(policy.Name, cancellationToken) is not { ActiveRotationId: null } secret)
        {
            return null;
        }

        IReadOnlyList<ListedCredential> listed;
        try
        {
            listed = await list.ListAsync(policy.Provider, secret.Name, secret.LastNumber, cancellationToken);
        }
        catch (OutcomeException problem)
        {
            return new OrphanReport(0, problem.Outcome.Reason);
        }

        var known = await ledger.ListCredentialsAsync(secret.Name, cancellationToken);
        var labels = new OwnLabels(secret, known, providers.DescriptorOf(policy.Provider)!.Labels);
        var found = 0;
        foreach (var one in listed.Where(one => one.Handle.Id is not null))
        {
            if (known.FirstOrDefault(credential => credential.ProviderCredentialId == one.Handle.Id) is { } credential)
            {
                await LearnAsync(credential, one, cancellationToken);
            }
            else if (labels.AreOn(one.Handle.Label) && await ledger.RecordFoundAsync(
                secret.Name,
                new(one.Handle.Id, one.Handle.Account, one.Handle.Label),
                one.ExpiresAt,
                NoteOf(one),
                cancellationToken))
            {
                found++;
            }
        }

        return new OrphanReport(found);
    }

    private async Task LearnAsync(CredentialRecord credential, ListedCredential listed, CancellationToken cancellationToken)
    {
        if (credential.MayBeLive && listed.ExpiresAt is { } end)
        {
            await ledger.RecordExpiryAsync(credential.Id, end, cancellationToken);
        }
    }

    private static string NoteOf(ListedCredential one) =>
        $"listed at the provider with our label '{one.Handle.Label}'{(one.CreatedAt is { } made ? $", made at {made:u}" : "")}, and not in "
            + "the ledger: find out who uses it";
}
