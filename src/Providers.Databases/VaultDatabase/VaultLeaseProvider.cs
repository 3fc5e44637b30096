using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

/// <summary>Dynamic credentials: each is a user of its own, and lives as long as its lease.</summary>
internal sealed class VaultLeaseProvider
    : IProvider, IIssueCredentials, ILeaseCredentials, IVerifyCredentials, IRevokeCredentials, IValidateSetup, IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    private readonly VaultAccounts _accounts = new();

    public ProviderDescriptor Descriptor => VaultLeaseDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => WebGuard.OutcomeAsync(async () =>
    {
        var (vault, role) = (_accounts.Begin(call), VaultDatabaseSettings.RoleOf(call.Settings));
        var mount = vault.Vault.Mount;
        List<(string Path, string Right)> rights =
        [
            ($"{mount}/creds/{role}", "read"),
            ($"{mount}/roles/{role}", "read"),
            ("sys/leases/renew", "update"),
            ("sys/leases/lookup", "update"),
            ("sys/leases/revoke", "update"),
        ];
        if (vault.Vault.Auth != "token")
        {
            rights.Add(("auth/token/renew-accessor", "update"));
        }

        await VaultAccounts.CheckAsync(vault, rights, cancellationToken);
        var (time, longest) = await vault.RoleAsync(role, cancellationToken);
        if ((time ?? longest) < Shortest)
        {
            return StepOutcome.Rejected(
                $"Leases of the role {role} live {DurationText.Format((time ?? longest)!.Value)}. That is too short to be renewed in "
                    + $"time. Give it a default_ttl of {DurationText.Format(Shortest)} or more.");
        }

        if (await VaultDatabaseSettings.ObstacleAsync(call.Settings, cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        var token = await vault.TokenAsync(cancellationToken);
        return StepOutcome.Done(
            ("lease", time is { } told ? DurationText.Format(told) : null),
            ("at most", longest is { } most ? DurationText.Format(most) : null),
            ("our token ends", token.EndsAt is { } end ? $"{end:u}, unless it is renewed" : null));
    });

    public Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken) =>
        WebGuard.IssueAsync(async () =>
        {
            var (vault, role) = (_accounts.Begin(call), VaultDatabaseSettings.RoleOf(call.Settings));
            var (_, longest) = await vault.RoleAsync(role, cancellationToken);
            var began = call.Time.GetUtcNow();
            var token = await vault.TokenAsync(cancellationToken);
            var lease = await vault.LeaseAsync(role, cancellationToken);
            var term = new LeaseTerm(Earlier(lease.EndsAt, token.EndsAt), lease.Renewable)
            {
                LastEnd = began + longest,
                Owner = token.EndsAt is null ? null : token.Accessor,
            };
            return new IssueResult(StepOutcome.Done(), new CredentialHandle(lease.Id, lease.User, null), lease.Password)
            {
                ExpiresAt = term.EndsAt,
                Lease = term,
            };
        });

    public async Task<TimeSpan?> LifetimeAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var (time, longest) = await _accounts.Begin(call).RoleAsync(VaultDatabaseSettings.RoleOf(call.Settings), cancellationToken);
        return time ?? longest;
    }

    public async Task<LeaseAnswer> RenewAsync(
        ProviderCall call, CredentialHandle lease, LeaseTerm? known, CancellationToken cancellationToken)
    {
        try
        {
            return await RenewAsync(_accounts.Begin(call), call, lease.Id!, known, cancellationToken);
        }
        catch (OutcomeException failure)
        {
            return new LeaseAnswer(
                failure.Outcome.Kind == StepOutcomeKind.Rejected ? LeaseAnswerKind.Refused : LeaseAnswerKind.CannotTell,
                Detail: failure.Message,
                RetryAfter: failure.Outcome.RetryAfter);
        }
    }

    public Task<Verification> VerifyAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken) =>
        VaultDatabaseSettings.TryAsync(call.Settings, credential.Account, value, cancellationToken);

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            // The role is not asked for, but a binding that names none is not the one that the lease was taken by.
            VaultDatabaseSettings.RoleOf(call.Settings);
            var vault = _accounts.Begin(call);
            if (await vault.LookAsync(credential.Id!, cancellationToken) is null)
            {
                return StepOutcome.AlreadyDone();
            }

            await vault.RevokeAsync(credential.Id!, cancellationToken);
            return StepOutcome.Done();
        });

    public void Dispose() => _accounts.Dispose();

    private static async Task<LeaseAnswer> RenewAsync(
        VaultDatabaseClient vault, ProviderCall call, string lease, LeaseTerm? known, CancellationToken cancellationToken)
    {
        var (time, _) = await vault.RoleAsync(VaultDatabaseSettings.RoleOf(call.Settings), cancellationToken);
        var renewed = known?.Renewable == false ? null : await vault.RenewAsync(lease, time, cancellationToken);
        var (end, renewable) = (renewed, true);
        if (renewed is null)
        {
            if (await vault.LookAsync(lease, cancellationToken) is not { } found)
            {
                return new LeaseAnswer(LeaseAnswerKind.Gone, Detail: $"Vault has no lease {lease} any more.");
            }

            (end, renewable) = (found.EndsAt, found.Renewable && known?.Renewable != false);
        }

        // Also where the lease itself is renewed no more: it ends with the token. The token first would be as good.
        DateTimeOffset? ownerEnds = known?.Owner is { } owner ? await vault.RenewTokenAsync(owner, cancellationToken) : null;
        return new LeaseAnswer(
            LeaseAnswerKind.Lives,
            new LeaseTerm(Earlier(end!.Value, ownerEnds), renewable) { LastEnd = known?.LastEnd, Owner = known?.Owner });
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
