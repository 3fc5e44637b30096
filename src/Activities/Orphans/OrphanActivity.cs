using Rotunda.Activities.InForce;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Orphans;

/// <summary>
/// The activity that revokes an orphan at its provider, and then closes it in the ledger. To run it again is harmless: what is revoked
/// already is revoked, and what is closed already is left alone.
/// </summary>
public sealed class OrphanActivity(
    ICatalogInForce catalog,
    ILedger ledger,
    ProviderRegistry providers,
    IReferenceResolver references,
    CrashPoints crashPoints,
    TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <exception cref="OperationCanceledException">The host stops: the engine runs the activity again.</exception>
    public async Task<StepOutcome> RunAsync(OrphanSettling input, CancellationToken cancellationToken)
    {
        if ((await ledger.ListOrphansAsync(cancellationToken)).FirstOrDefault(one => one.Id == input.Id) is not { } orphan)
        {
            return StepOutcome.AlreadyDone();
        }

        if (await WhyNotAsync(orphan, cancellationToken) is { } problem)
        {
            return StepOutcome.Rejected(problem);
        }

        var provider = (await ProviderOfAsync(orphan.Secret, cancellationToken))!;
        var outcome = await RevokeAsync(orphan, provider, cancellationToken);
        if (outcome.Succeeded)
        {
            await ledger.SettleOrphanAsync(orphan.Id, CredentialState.Revoked, input.Actor, input.Reason, cancellationToken);
        }

        return outcome;
    }

    /// <summary>The provider that an orphan of the secret is at; null if neither the catalog nor the ledger tells it any more.</summary>
    public async Task<ProviderBinding?> ProviderOfAsync(string secret, CancellationToken cancellationToken) =>
        (await catalog.GetAsync(cancellationToken))?.Policies.GetValueOrDefault(secret)?.Provider
            ?? KeptPolicy.Of(await ledger.GetPolicyAsync(secret, cancellationToken))?.Policy.Provider;

    /// <summary>True if Rotunda can revoke it.</summary>
    public bool CanRevoke(CredentialRecord orphan, ProviderBinding? provider) =>
        orphan.ProviderCredentialId is not null && provider is not null && providers.Ability<IRevokeCredentials>(provider) is not null;

    /// <summary>Why it is not to be revoked by Rotunda; null if it can be.</summary>
    public async Task<string?> WhyNotAsync(CredentialRecord orphan, CancellationToken cancellationToken)
    {
        var provider = await ProviderOfAsync(orphan.Secret, cancellationToken);
        if (!CanRevoke(orphan, provider))
        {
            return orphan.ProviderCredentialId is null
                ? "Nothing tells its id at the provider. Revoke it there by hand, then say so: --revoked."
                : "Its provider cannot revoke, or is not known any more. Revoke it there by hand, then say so: --revoked.";
        }

        return await UserAsync(orphan, provider!, cancellationToken) is { } user
            ? $"'{user}' uses the same credential ({orphan.ProviderCredentialId}): it is not revoked. Say that it stays: --kept."
            : null;
    }

    private async Task<StepOutcome> RevokeAsync(CredentialRecord orphan, ProviderBinding provider, CancellationToken cancellationToken)
    {
        using var scope = new SecretScope().Enter();
        var settings = new ProviderSettings(provider.Settings, new ScopedReferences(references, scope));
        var number = (await ledger.GetSecretAsync(orphan.Secret, cancellationToken))?.LastNumber ?? 0;
        var call = new ProviderCall(settings, orphan.Secret, $"{orphan.Secret}-{number}", number, 1, time) { Step = "settle" };
        var handle = new CredentialHandle(orphan.ProviderCredentialId, orphan.Account, orphan.Label);
        using var timeout = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        crashPoints.Hit($"outside.before:{OrphanOrchestration.Activity}");
        try
        {
            var outcome = await providers.Ability<IRevokeCredentials>(provider)!.RevokeAsync(call, handle, linked.Token);
            crashPoints.Hit($"outside.after:{OrphanOrchestration.Activity}");
            return scope.Redact(outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OutcomeException failed)
        {
            return scope.Redact(failed.Outcome);
        }
        catch (Exception problem) when (problem is not SimulatedCrashException)
        {
            // It may have happened. To revoke again is harmless, so the orchestration tries again.
            return scope.Redact(StepOutcome.Unknown($"{problem.GetType().Name}: {problem.Message}"));
        }
    }

    /// <summary>The secret of which the same credential is live; null if there is none.</summary>
    private async Task<string?> UserAsync(CredentialRecord orphan, ProviderBinding provider, CancellationToken cancellationToken)
    {
        foreach (var secret in await ledger.ListSecretsAsync(cancellationToken))
        {
            var isSame = (await ProviderOfAsync(secret.Name, cancellationToken))?.Type == provider.Type;
            if (isSame && (await ledger.ListCredentialsAsync(secret.Name, cancellationToken)).Any(c =>
                c.MayBeLive && c.State != CredentialState.Orphan && c.ProviderCredentialId == orphan.ProviderCredentialId))
            {
                return secret.Name;
            }
        }

        return null;
    }
}
