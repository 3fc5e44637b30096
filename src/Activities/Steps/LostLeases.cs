using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Leases whose answer was lost: nobody has their value, nobody renews them, and no label finds them. Each is an orphan that ends
/// by itself at a known time; then it is closed.</summary>
internal sealed class LostLeases(StepServices services)
{
    /// <summary>Puts it on record, with its end as far as it can be told.</summary>
    public async Task RecordAsync(
        StepContext context, ILeaseCredentials leasing, CredentialRecord minting, CancellationToken cancellationToken)
    {
        var trail = await StepTrail.ReadAsync(services.Ledger, $"{minting.Secret}-{minting.RotationNumber}", cancellationToken);
        var life = await LifetimeAsync(context, leasing, cancellationToken);
        // From the end of the attempt: it may have been made just before.
        var taken = trail.OverAt(Rotation.Planning.StepKinds.Issue, minting.CreatedAt, context) ?? services.Time.GetUtcNow();
        var end = taken + life;
        await services.Ledger.RecordExpiryAsync(minting.Id, end, cancellationToken);
        await services.Ledger.RecordOrphanAsync(
            context.Rotation.Id,
            minting.Id,
            StepServices.Note(minting),
            "a lease may have been taken by an attempt whose answer was lost: nobody has its value, nobody renews it, and "
                + "it ends by itself "
                + (end is { } at ? $"at {at:u} at the latest; then it is closed here" : "at the end of its time; then say so: --revoked"),
            cancellationToken);
    }

    /// <summary>Where the system does not answer, as long as those before it: what is told of a role seldom changes.</summary>
    private async Task<TimeSpan?> LifetimeAsync(StepContext context, ILeaseCredentials leasing, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Outside.RunAsync(context, () => leasing.LifetimeAsync(context.Call!, cancellationToken));
        }
        catch (OutcomeException)
        {
            var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
            if (all.LastOrDefault(one => one.Lease is not null) is not { Lease: { } known })
            {
                throw;
            }

            return known.Lives;
        }
    }
}
