using Microsoft.Extensions.Logging;
using Rotunda.Activities.InForce;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Leases;

/// <summary>
/// Renews leases, between rotations and during them: each live one when two thirds of what is left of it are over, and what could not be
/// renewed again and again. All it needs to know is in the ledger, so a run that is missed, or dies in the middle, is made up for by the
/// next; and to renew twice is harmless, so no intent is recorded before. It also closes the orphans that have ended by themselves.
/// </summary>
public sealed partial class LeaseSweep(
    ICatalogInForce catalog,
    ILedger ledger,
    ProviderRegistry providers,
    IReferenceResolver references,
    TimeProvider time,
    ILogger<LeaseSweep> logger) : IDisposable
{
    /// <summary>One system that does not answer must not keep the leases of others waiting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    /// <returns>How many leases were asked about.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(0, cancellationToken))
        {
            return 0;
        }

        try
        {
            var secrets = await ledger.ListSecretsAsync(cancellationToken);
            var current = await catalog.GetAsync(cancellationToken);
            var asked = new List<Task<int>>();
            foreach (var secret in secrets.Where(one => one.RenamedTo is null))
            {
                if (await PolicyOfAsync(current, secret.Name, cancellationToken) is { Strategy: Strategy.Leased } policy)
                {
                    asked.Add(OfAsync(secret, policy, cancellationToken));
                }
            }

            return (await Task.WhenAll(asked)).Sum();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>That of the catalog, or the one that it was last rotated by: what left the catalog is renewed until a person
    /// ends it.</summary>
    private async Task<Policy?> PolicyOfAsync(RotationCatalog? current, string secret, CancellationToken cancellationToken) =>
        current?.Policies.GetValueOrDefault(secret) ?? KeptPolicy.Of(await ledger.GetPolicyAsync(secret, cancellationToken))?.Policy;

    private async Task<int> OfAsync(SecretRecord secret, Policy policy, CancellationToken cancellationToken)
    {
        var asked = 0;
        if (await ledger.GetSnapshotAsync(secret.Name, cancellationToken) is not { } snapshot)
        {
            return 0;
        }

        foreach (var lease in snapshot.Credentials)
        {
            var now = time.GetUtcNow();
            if (lease.State == CredentialState.Orphan)
            {
                if (lease.ExpiresAt <= now)
                {
                    await ledger.RecordRevokedAsync(
                        $"{secret.Name}-{lease.RotationNumber}", lease.Id, $"its lease has ended by itself, by {lease.ExpiresAt:u}",
                        cancellationToken);
                }
            }
            else if (IsLive(lease) && LeaseCourse.NextAt(lease) <= now)
            {
                await RenewAsync(secret, policy.Provider, lease, now, cancellationToken);
                asked++;
            }
        }

        return asked;
    }

    private static bool IsLive(CredentialRecord lease) => lease.ProviderCredentialId is not null
        && lease.State is CredentialState.Minting or CredentialState.Pending or CredentialState.Active or CredentialState.Previous;

    private async Task RenewAsync(
        SecretRecord secret, ProviderBinding binding, CredentialRecord lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(secret, binding, lease, cancellationToken);
        var (known, end) = (lease.Lease, lease.ExpiresAt);
        var (state, ends) = answer switch
        {
            { Kind: LeaseAnswerKind.Lives, Term: { } term } => (LeaseCourse.Lives(known, term, now), term.EndsAt),
            { Kind: LeaseAnswerKind.Gone } => (LeaseCourse.Gone(known, end, answer.Detail ?? "It is gone.", now), end),
            _ => (
                LeaseCourse.Fails(known, end, answer.Detail!, answer.Kind == LeaseAnswerKind.CannotTell, now, answer.RetryAfter), end),
        };
        if (await ledger.RecordLeaseAsync(lease.Id, ends, state, cancellationToken)
            && (state.IsFailing || state.EndedAt is not null))
        {
            LogNotRenewed(secret.Name, lease.Id, state.Problem ?? "");
        }
    }

    private async Task<LeaseAnswer> AskAsync(
        SecretRecord secret, ProviderBinding binding, CredentialRecord lease, CancellationToken cancellationToken)
    {
        if (providers.Ability<ILeaseCredentials>(binding) is not { } leasing)
        {
            return new(LeaseAnswerKind.Refused, Detail: $"'{binding.Type}' renews no leases.");
        }

        using var scope = new SecretScope().Enter();
        var settings = new ProviderSettings(binding.Settings, new ScopedReferences(references, scope));
        var number = lease.RotationNumber;
        var call = new ProviderCall(settings, secret.Name, $"{secret.Name}-{number}", number, 1, time) { Step = "renew" };
        using var timeout = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var handle = new CredentialHandle(lease.ProviderCredentialId, lease.Account, lease.Label);
            var answer = await leasing.RenewAsync(
                call, handle, lease.ExpiresAt is { } end ? lease.Lease?.Term(end) : null, linked.Token);
            return answer.Detail is { } detail
                ? answer with { Detail = scope.Redact(StepOutcome.RetryLater(detail)).Reason }
                : answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception problem)
        {
            return new(LeaseAnswerKind.CannotTell, Detail: problem is OperationCanceledException
                ? $"No answer within {DurationText.Format(Limit)}."
                : scope.Redact(StepOutcome.RetryLater(problem.Message)).Reason);
        }
    }

    [LoggerMessage(EventId = 3051, Level = LogLevel.Warning, Message = "Lease {Credential} of {Secret} was not renewed: {Problem}")]
    private partial void LogNotRenewed(string secret, long credential, string problem);
}
