using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Clocks;
using Rotunda.Activities.InForce;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Leases;

/// <summary>
/// Renews leases, between rotations and during them: each live one when two thirds of what is left of it are over, and what could not be
/// renewed again and again. Where the clock has jumped, all are: a system tells how long a lease lives, and until when was reckoned by the
/// clock. All it needs to know is in the ledger, so a run that is missed, or dies in the middle, is made up for by the
/// next; and to renew twice is harmless, so no intent is recorded before. It also closes the orphans that have ended by themselves.
/// </summary>
public sealed partial class LeaseSweep(
    ICatalogInForce catalog,
    ILedger ledger,
    ProviderRegistry providers,
    IReferenceResolver references,
    ClockWatch clock,
    TimeProvider time,
    ILogger<LeaseSweep> logger) : IDisposable
{
    /// <summary>Many: those of a system that hangs wait for nothing else, and nothing else for them.</summary>
    private const int SideBySide = 1_000;

    /// <summary>One system that does not answer must not keep the leases of others waiting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>By secret, after how many jumps of the clock all of its leases were asked about.</summary>
    private readonly ConcurrentDictionary<string, int> _askedAfter = new(StringComparer.Ordinal);

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
            var current = await catalog.GetAsync(cancellationToken);
            var secrets = await ledger.SecretsByNameAsync(cancellationToken);
            // A lease is renewed until a person or a rotation ends it, whatever the catalog says of the secret by now. One whose machine
            // died before its lease was recorded is known by the strategy alone.
            var leased = (await ledger.ListLeasedAsync(cancellationToken))
                .Union((current?.Policies.Values ?? []).Where(policy => policy.Strategy == Strategy.Leased).Select(policy => policy.Name))
                .Select(name => secrets.GetValueOrDefault(name)).OfType<SecretRecord>().Where(one => one.RenamedTo is null);
            await clock.LookAsync(cancellationToken);
            var (asked, jumps) = (0, clock.Jumps);
            await Parallel.ForEachAsync(
                leased,
                new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
                async (secret, stop) =>
                {
                    try
                    {
                        var policy = current?.Policies.GetValueOrDefault(secret.Name);
                        var all = _askedAfter.GetValueOrDefault(secret.Name) != jumps;
                        Interlocked.Add(ref asked, await OfAsync(secret, policy, all, stop));
                        if (all)
                        {
                            _askedAfter[secret.Name] = jumps;
                        }
                    }
                    catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
                    {
                        // The leases of others are renewed all the same.
                        LogNotLookedAfter(problem, secret.Name);
                    }
                });
            return asked;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <param name="policy">As the catalog has it; null where it does not.</param>
    /// <param name="all">Also those that are not due.</param>
    private async Task<int> OfAsync(SecretRecord secret, Policy? policy, bool all, CancellationToken cancellationToken)
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
                if (LeaseCourse.DeadBy(lease) is { } dead && dead <= now && clock.Doubt is null)
                {
                    await ledger.RecordRevokedAsync(
                        null, lease.Id, $"its lease has ended by itself, by {dead:u}", cancellationToken);
                }
            }
            else if (IsLive(lease) && (all || LeaseCourse.NextAt(lease) <= now))
            {
                var (id, binding) = await TakenByAsync(secret, lease, policy, cancellationToken);
                if (binding is not null)
                {
                    await RenewAsync(secret, id, binding, lease, now, cancellationToken);
                    asked++;
                }
            }
        }

        return asked;
    }

    /// <summary>
    /// The rotation that took it, and where: that of its plan, as the catalog may name another system by now, which would say that it is
    /// gone. Where the two are the same, the catalog's: by that Rotunda comes in today.
    /// </summary>
    private async Task<(string Id, ProviderBinding? Binding)> TakenByAsync(
        SecretRecord secret, CredentialRecord lease, Policy? policy, CancellationToken cancellationToken)
    {
        var filter = new RotationFilter(secret.Name, Limit: 1) { Number = lease.RotationNumber };
        if (await ledger.ListRotationsAsync(filter, cancellationToken) is not [var rotation, ..]
            || rotation.Plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.Issue)?.Provider is not { } taken)
        {
            return ($"{secret.Name}-{lease.RotationNumber}", policy is { Strategy: Strategy.Leased } ? policy.Provider : null);
        }

        return (rotation.Id, policy is not null && IsSamePlace(policy.Provider, taken) ? policy.Provider : taken);
    }

    /// <summary>All is the same but for what Rotunda shows there.</summary>
    private bool IsSamePlace(ProviderBinding one, ProviderBinding other) => one.Type == other.Type
        && providers.Descriptors.TryGetValue(one.Type, out var descriptor)
        && descriptor.Settings.Where(setting => !setting.IsSecret).All(setting =>
            JsonNode.DeepEquals(one.Settings[setting.Name], other.Settings[setting.Name]));

    private static bool IsLive(CredentialRecord lease) => lease.ProviderCredentialId is not null
        && lease.State is CredentialState.Minting or CredentialState.Pending or CredentialState.Active or CredentialState.Previous;

    private async Task RenewAsync(
        SecretRecord secret,
        string rotation,
        ProviderBinding binding,
        CredentialRecord lease,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var answer = await AskAsync(secret, rotation, binding, lease, cancellationToken);
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
        SecretRecord secret, string rotation, ProviderBinding binding, CredentialRecord lease, CancellationToken cancellationToken)
    {
        if (providers.Ability<ILeaseCredentials>(binding) is not { } leasing)
        {
            return new(LeaseAnswerKind.Refused, Detail: $"'{binding.Type}' renews no leases.");
        }

        using var scope = new SecretScope().Enter();
        var settings = new ProviderSettings(binding.Settings, new ScopedReferences(references, scope));
        var call = new ProviderCall(settings, secret.Name, rotation, lease.RotationNumber, 1, time) { Step = "renew" };
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

    [LoggerMessage(EventId = 3052, Level = LogLevel.Error, Message = "The leases of {Secret} could not be looked after")]
    private partial void LogNotLookedAfter(Exception problem, string secret);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Warning, Message = "Lease {Credential} of {Secret} was not renewed: {Problem}")]
    private partial void LogNotRenewed(string secret, long credential, string problem);
}
