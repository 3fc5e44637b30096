using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>What stands for a Vault with a database: leases that outlive every restart, and end by its own clock.</summary>
internal sealed class ModelVault(Func<DateTimeOffset> now)
{
    private int _next;

    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Most { get; init; } = TimeSpan.FromHours(24);

    public bool Renewable { get; set; } = true;

    /// <summary>How far the clock of who asks is ahead of its own: it tells how long a lease lives, and not until when.</summary>
    public TimeSpan Ahead { get; set; }

    public bool Sealed { get; set; }

    /// <summary>The share of calls whose answer is lost after its effect, by a seed.</summary>
    public Func<bool> LosesAnswer { get; set; } = () => false;

    public Dictionary<string, ModelLease> Leases { get; } = new(StringComparer.Ordinal);

    public int Taken => _next;

    public int Renewals { get; private set; }

    /// <summary>Whether a login with it would succeed at this moment: VALID UNTIL ends it also while Vault is sealed.</summary>
    public bool Works(string? value) => Leases.Values.Any(lease => lease.Value == value && lease.EndsAt > now());

    public ModelLease Take() => Answer(() =>
    {
        var lease = new ModelLease($"creds/{++_next}", $"lease-value-{_next}-c4n4ry", now()) { EndsAt = now() + Ttl };
        Leases[lease.Id] = lease;
        return lease;
    });

    public LeaseAnswer Renew(string id) => Answer(() =>
    {
        if (!Leases.TryGetValue(id, out var lease) || lease.EndsAt <= now())
        {
            return new LeaseAnswer(LeaseAnswerKind.Gone, Detail: "no such lease");
        }

        if (Renewable)
        {
            var (asked, last) = (now() + Ttl, lease.TakenAt + Most);
            lease.EndsAt = asked < last ? asked : last;
            Renewals++;
        }

        return new LeaseAnswer(
            LeaseAnswerKind.Lives, new LeaseTerm(lease.EndsAt + Ahead, Renewable) { LastEnd = lease.TakenAt + Most + Ahead });
    });

    public bool Revoke(string id) => Answer(() => Leases.Remove(id));

    public T Answer<T>(Func<T> act)
    {
        if (Sealed)
        {
            throw new OutcomeException(StepOutcome.RetryLater("Vault is sealed"));
        }

        var answer = act();
        return LosesAnswer() ? throw new TimeoutException("the answer was lost") : answer;
    }
}

internal sealed record ModelLease(string Id, string Value, DateTimeOffset TakenAt)
{
    public DateTimeOffset EndsAt { get; set; }
}

internal sealed class ModelVaultProvider(ModelVault vault)
    : IProvider, IIssueCredentials, ILeaseCredentials, IVerifyCredentials, IRevokeCredentials, IValidateSetup
{
    public const string Id = "model-vault";

    public ProviderDescriptor Descriptor { get; } = new(
        Id, Id, Id,
        Abilities.IssueCredentials | Abilities.LeaseCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [], [], [Strategy.Leased]);

    public static ProviderBinding Binding => new(Id, new JsonObject());

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult(vault.Answer(() => StepOutcome.Done()));

    public Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken)
    {
        var lease = vault.Take();
        var term = new LeaseTerm(lease.EndsAt, vault.Renewable) { LastEnd = lease.TakenAt + vault.Most };
        return Task.FromResult(new IssueResult(
            StepOutcome.Done(), new CredentialHandle(lease.Id, $"user-{lease.Id}", null), SecretValue.FromText(lease.Value))
        {
            ExpiresAt = term.EndsAt,
            Lease = term,
        });
    }

    public Task<TimeSpan?> LifetimeAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult<TimeSpan?>(vault.Answer(() => vault.Ttl));

    public Task<LeaseAnswer> RenewAsync(
        ProviderCall call, CredentialHandle lease, LeaseTerm? known, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(vault.Renew(lease.Id!));
        }
        catch (OutcomeException away)
        {
            return Task.FromResult(new LeaseAnswer(LeaseAnswerKind.CannotTell, Detail: away.Message));
        }
    }

    public Task<Verification> VerifyAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken) =>
        Task.FromResult(new Verification(vault.Works(value.RevealText()) ? Validity.Valid : Validity.Invalid));

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Task.FromResult(vault.Revoke(credential.Id!) ? StepOutcome.Done() : StepOutcome.AlreadyDone());
}
