using Rotunda.Ledger;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>What people are told of leases.</summary>
internal static class LeaseWords
{
    /// <summary>A moment without an answer is no news; a lease has a third of its time left when it is first renewed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The lease in use has ended, or could not be renewed for some minutes. Null while all is well.</summary>
    public static Notice? Danger(SecretRecord secret, DateTimeOffset now) => secret.Lease switch
    {
        { EndedAt: { } ended } lease => new Notice(
            Notice.LeaseInDanger, secret.Name, null, $"ended {LedgerWords.Of(ended)}",
            $"Its lease has ended, at {RotationSchedule.Show(ended)}: {lease.Problem} Whoever uses it is locked out until the next one "
                + $"is in place, which begins by itself as soon as its provider answers. See: rotunda show {secret.Name}"),
        { FailingSince: { } since } lease when now - since >= Patience => new Notice(
            Notice.LeaseInDanger, secret.Name, null, $"failing {LedgerWords.Of(since)}",
            $"Its lease could not be renewed since {RotationSchedule.Show(since)}: {lease.Problem} It is tried again and again. "
                + $"See: rotunda show {secret.Name}"),
        _ => null,
    };
}
