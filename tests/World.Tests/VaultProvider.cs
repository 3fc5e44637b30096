using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Leases that end by the vault's own clock, which is right.</summary>
internal sealed class VaultProvider(WorldRun world)
    : KeyProvider(
        world,
        Describe(
            Type,
            Abilities.IssueCredentials | Abilities.LeaseCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
            Strategy.Leased)), ILeaseCredentials
{
    public const string Type = "world-vault";

    public static readonly TimeSpan Ttl = TimeSpan.FromDays(4);

    public static readonly TimeSpan Most = TimeSpan.FromDays(16);

    public override Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync(
            Id, "lease", call, acts: true,
            unit =>
            {
                // No label can be put on a lease.
                var lease = World.Mint(unit, null, call.Number);
                lease.EndsAt = World.True + Ttl;
                var term = Term(lease);
                return new IssueResult(
                    StepOutcome.Done(), new CredentialHandle(lease.Id, $"user-{lease.Id}", null), SecretValue.FromText(lease.Value))
                {
                    ExpiresAt = term.EndsAt,
                    Lease = term,
                };
            },
            refusal => new IssueResult(refusal), cancellationToken);

    public Task<TimeSpan?> LifetimeAsync(ProviderCall call, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync<TimeSpan?>(
            Id, "lifetime", call, acts: false, _ => Ttl, refusal => throw new OutcomeException(refusal), cancellationToken);

    public async Task<LeaseAnswer> RenewAsync(
        ProviderCall call, CredentialHandle lease, LeaseTerm? known, CancellationToken cancellationToken)
    {
        try
        {
            return await World.Vendors.CallAsync(
                Id, "renew", call, acts: false, unit => Renew(unit, lease),
                refusal => new LeaseAnswer(LeaseAnswerKind.CannotTell, Detail: refusal.Reason, RetryAfter: refusal.RetryAfter),
                cancellationToken);
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException)
        {
            return new LeaseAnswer(LeaseAnswerKind.CannotTell, Detail: away.Message);
        }
    }

    private LeaseAnswer Renew(Unit unit, CredentialHandle handle)
    {
        var lease = unit.Credentials.Find(one => one.Id == handle.Id);
        if (lease?.Works(World.True) != true)
        {
            return new LeaseAnswer(LeaseAnswerKind.Gone, Detail: "no such lease");
        }

        var (asked, last) = (World.True + Ttl, lease.MadeAt + Most);
        lease.EndsAt = asked < last ? asked : last;
        return new LeaseAnswer(LeaseAnswerKind.Lives, Term(lease));
    }

    /// <summary>As Rotunda's clock has it: a vault tells how long, not until when.</summary>
    private LeaseTerm Term(WorldCredential lease) =>
        new(lease.EndsAt!.Value + World.ClockOffset, Renewable: true) { LastEnd = lease.MadeAt + Most + World.ClockOffset };
}
