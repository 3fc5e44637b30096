using Rotunda.Api.Views;
using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The read model: what the status, the dashboard and the command line show.</summary>
public sealed class StatusReader(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    Leavers leavers,
    DoctorDesk doctor,
    HoldReader reader,
    ILedger ledger,
    IOrchestrationClient client,
    TimeProvider time)
{
    private readonly OpenRotations _open = new(client);

    /// <summary>Why what stands at the catalog's place is not in force; null if it is, and for who sees some secrets alone: it may name
    /// others.</summary>
    public string? CatalogProblem(Sight sight) => sight.IsWhole ? catalog.Problem : null;

    /// <summary>What to say to a name that the catalog does not have.</summary>
    public string NoSecret(string name) => Near.NoSecret(name, catalog.Current);

    /// <summary>What to say to the id of a rotation that is not there.</summary>
    public async Task<string> NoRotationAsync(string id, CancellationToken cancellationToken) => Near.NoRotation(
        id, await ledger.ListRotationsAsync(new RotationFilter(Limit: Near.LookedAt), cancellationToken), catalog.Current);

    /// <summary>All secrets of the catalog, and those that left it with live credentials; worst group first, then by name.</summary>
    public async Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var policies = catalog.Current?.Policies.Values ?? [];
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var open = await ledger.ListOpenAsync(cancellationToken).ToDictionaryAsync(r => r.Id, StringComparer.Ordinal, cancellationToken);
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var orphans = await OrphansAsync(cancellationToken);
        var summaries = new List<SecretSummary>();
        foreach (var policy in policies)
        {
            var secret = secrets.GetValueOrDefault(policy.Name);
            var rotation = secret?.ActiveRotationId is { } id ? open.GetValueOrDefault(id) : null;
            summaries.Add(await LineAsync(policy, secret, rotation, holds, orphans.GetValueOrDefault(policy.Name), cancellationToken));
        }

        foreach (var leaver in await leavers.ListAsync(cancellationToken))
        {
            summaries.Add(await SummarizeAsync(
                leaver,
                leaver.Secret.ActiveRotationId is { } id ? open.GetValueOrDefault(id) : null,
                cancellationToken));
        }

        return [.. summaries.OrderBy(s => ScheduleStatus.RankOf(s.Group)).ThenBy(s => s.Name, StringComparer.Ordinal)];
    }

    /// <summary>One secret; null if the catalog does not have it.</summary>
    public async Task<SecretView?> GetSecretAsync(string name, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { } current || !current.Policies.TryGetValue(name, out var policy))
        {
            return await GetLeaverAsync(name, cancellationToken);
        }

        var secret = await ledger.GetSecretAsync(name, cancellationToken);
        var rotations = await ledger.ListRotationsAsync(new RotationFilter(Secret: name, Limit: 20), cancellationToken);
        var credentials = await CredentialsAsync(name, cancellationToken);
        var summary = await SummarizeAsync(
            policy,
            secret,
            rotations.FirstOrDefault(r => r.Id == secret?.ActiveRotationId),
            await reader.OfOneAsync(policy, secret, cancellationToken),
            credentials,
            credentials.Count(c => c.State == CredentialState.Orphan),
            cancellationToken);
        return new SecretView(
            summary,
            policy.Store,
            policy.Interval,
            policy.Grace,
            [.. policy.Targets.Select(t => t.Name)],
            [.. policy.Consumers.Select(c => c.Name)],
            [.. credentials.Select(View)],
            [.. rotations.Select(View)])
        {
            Window = policy.Window is { } window ? RotationWindows.Describe(window) : null,
            Approval = policy.Approval?.Before,
            QuietFor = policy.Evidence?.QuietFor,
            DisableFor = policy.DisableFor,
            Arrivals = await ArrivalsAsync(rotations, cancellationToken),
        };
    }

    /// <summary>When the value in use came to its targets, as the last rotation or delivery tells.</summary>
    private async Task<IReadOnlyList<ArrivalView>> ArrivalsAsync(
        IReadOnlyList<RotationRecord> rotations,
        CancellationToken cancellationToken) =>
        rotations.FirstOrDefault(rotation => rotation.PromotedAt is not null || rotation.State == RotationState.Succeeded) is { } last
            ? Arrivals.Of(last, await ledger.ReadRotationAsync(last.Id, cancellationToken))
            : [];

    private async Task<SecretView?> GetLeaverAsync(string name, CancellationToken cancellationToken)
    {
        if (await leavers.FindAsync(name, cancellationToken) is not { } leaver)
        {
            return null;
        }

        var rotations = await ledger.ListRotationsAsync(new RotationFilter(Secret: name, Limit: 20), cancellationToken);
        var policy = leaver.Kept?.Policy;
        return new SecretView(
            await SummarizeAsync(leaver, rotations.FirstOrDefault(r => r.Id == leaver.Secret.ActiveRotationId), cancellationToken),
            policy?.Store ?? "",
            policy?.Interval,
            policy?.Grace ?? TimeSpan.Zero,
            [.. (policy?.Targets ?? []).Select(t => t.Name)],
            [.. (policy?.Consumers ?? []).Select(c => c.Name)],
            [.. (await CredentialsAsync(name, cancellationToken)).Select(View)],
            [.. rotations.Select(View)]);
    }

    /// <summary>The lines of these secrets, as they stand now; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<SecretSummary>> SummarizeAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var summaries = new List<SecretSummary>();
        var (wanted, policies) = (names.ToList(), catalog.Current?.Policies);
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var holds = await reader.OfSomeAsync(
            [.. wanted.Select(name => policies?.GetValueOrDefault(name)).OfType<Policy>()], secrets, cancellationToken);
        var orphans = await OrphansAsync(cancellationToken);
        foreach (var name in wanted)
        {
            if (policies?.GetValueOrDefault(name) is { } policy)
            {
                var secret = secrets.GetValueOrDefault(name);
                var open = await OpenAsync(secret, cancellationToken);
                summaries.Add(await LineAsync(policy, secret, open, holds, orphans.GetValueOrDefault(name), cancellationToken));
            }
            else if (await leavers.FindAsync(name, cancellationToken) is { } leaver)
            {
                summaries.Add(await SummarizeAsync(leaver, await OpenAsync(leaver.Secret, cancellationToken), cancellationToken));
            }
        }

        return summaries;
    }

    private async Task<Dictionary<string, int>> OrphansAsync(CancellationToken cancellationToken) =>
        (await ledger.ListOrphansAsync(cancellationToken)).CountBy(orphan => orphan.Secret).ToDictionary(StringComparer.Ordinal);

    private async Task<RotationRecord?> OpenAsync(SecretRecord? secret, CancellationToken cancellationToken) =>
        secret?.ActiveRotationId is { } id ? await ledger.GetRotationAsync(id, cancellationToken) : null;

    public async Task<IReadOnlyList<RotationSummary>> ListRotationsAsync(RotationFilter filter, CancellationToken cancellationToken) =>
        [.. (await ledger.ListRotationsAsync(filter, cancellationToken)).Select(View)];

    /// <summary>The rotation that has been stuck since the earliest start; null if none is.</summary>
    public async Task<RotationRecord?> OldestStuckAsync(CancellationToken cancellationToken) =>
        await ledger.ListOpenAsync(cancellationToken).Where(one => one.State == RotationState.Stuck).MinByAsync(
            one => one.CreatedAt, cancellationToken: cancellationToken);

    public async Task<RotationView?> GetRotationAsync(string id, CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(id, cancellationToken) is not { } rotation)
        {
            return null;
        }

        var instance = await client.GetAsync(id, withInputsAndOutputs: false, cancellationToken);
        var audit = await ledger.ReadRotationAsync(id, cancellationToken);
        var credentials = await CredentialsAsync(rotation.Secret, cancellationToken);
        return new RotationView(
            View(rotation),
            rotation.State.IsFinal() ? null : Words.Status(instance?.CustomStatus),
            instance?.Status.ToString().ToLowerInvariant(),
            [.. audit.Select(row => new TimelineEntry(row.Sequence, row.At, row.Actor, row.Action, row.StepId, row.Detail))],
            [.. credentials.Select(View)],
            rotation.Plan)
        {
            PlanHash = PlanRecord.HashOf(audit),
            Steps = StepLine.Of(rotation, audit, Words.Status(instance?.CustomStatus)),
            Evidence = EvidenceLine.Of(rotation.Plan, audit),
            Since = await SinceAsync(rotation, cancellationToken),
            Approval = await ApprovalReader.ReadAsync(ledger, rotation, cancellationToken),
        };
    }

    /// <summary>What is otherwise than in the last rotation that succeeded; null if none did.</summary>
    private async Task<SinceLastView?> SinceAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        var filter = new RotationFilter(rotation.Secret, [RotationState.Succeeded], Limit: 20);
        return (await ledger.ListRotationsAsync(filter, cancellationToken))
            .FirstOrDefault(one => one.Number < rotation.Number && one.Plan.Strategy == rotation.Plan.Strategy) is { } last
                ? new SinceLastView(last.Id, last.EndedAt, PlanChanges.Between(last.Plan, rotation.Plan))
                : null;
    }

    private static CredentialView View(CredentialRecord c) =>
        new(c.Id, c.State, c.RotationNumber, c.ProviderCredentialId, c.Account, c.Fingerprint, c.Value, c.CreatedAt, c.RevokedAt, c.Note)
        {
            ExpiresAt = c.ExpiresAt,
            DisabledAt = c.DisabledAt,
        };

    private static RotationSummary View(RotationRecord r) =>
        new(r.Id, r.Secret, r.Number, r.State, r.Trigger, r.Reason, r.RequestedBy, r.Incident, r.CreatedAt, r.EndedAt, r.Detail, r.Until)
        {
            PromotedAt = r.PromotedAt,
        };

    private async Task<IReadOnlyList<CredentialRecord>> CredentialsAsync(string secret, CancellationToken cancellationToken) =>
        await ledger.ListCredentialsAsync(secret, cancellationToken);

    private async Task<SecretSummary> SummarizeAsync(Leaver leaver, RotationRecord? open, CancellationToken cancellationToken)
    {
        var (view, progress) = open is null ? default : await _open.ReadAsync(open, cancellationToken);
        return LeaverWords.Summary(leaver, view, progress);
    }

    /// <summary>In a list: its credentials are read where a rotation is open; what else is asked of them is counted for all at
    /// once.</summary>
    private async Task<SecretSummary> LineAsync(
        Policy policy, SecretRecord? secret, RotationRecord? open, ScheduleHolds holds, int orphans, CancellationToken cancellationToken)
    {
        var credentials = open is null ? [] : await CredentialsAsync(policy.Name, cancellationToken);
        return await SummarizeAsync(policy, secret, open, holds, credentials, orphans, cancellationToken);
    }

    private async Task<SecretSummary> SummarizeAsync(
        Policy policy,
        SecretRecord? secret,
        RotationRecord? open,
        ScheduleHolds holds,
        IReadOnlyList<CredentialRecord> credentials,
        int orphans,
        CancellationToken cancellationToken)
    {
        var pause = Pauses.InForce(policy, holds.PauseOf(policy), time.GetUtcNow());
        var (group, status, missing) =
            SecretGroups.Of(policy, secret, open, credentials, holds, doctor.WorstOf(policy.Name), time.GetUtcNow());
        var (view, progress) = open is null ? default : await _open.ReadAsync(open, cancellationToken);
        return new SecretSummary(
            policy.Name,
            group,
            missing.Count > 0 ? NotDelivered.Sentence(missing, policy.Name) : Pauses.Told(MessageOf(policy, secret, view, status), pause),
            policy.Description,
            policy.Owner,
            policy.Tags,
            policy.Strategy,
            policy.Provider.Type,
            secret?.LastRotatedAt,
            status.NextAt ?? status.DueAt,
            secret?.ActiveRotationId,
            secret?.FailuresInARow ?? 0,
            orphans)
        {
            Open = view,
            Paused = pause is null ? null : new PausedView(pause.Until, pause.Reason, pause.By),
            NextAction = missing.Count > 0
                ? $"rotunda deliver {policy.Name} --reason WHY | {NextOf(policy, secret, view, progress, status)}"
                : NextOf(policy, secret, view, progress, status),
        };
    }

    /// <summary>What tells most: why it is not adopted, what the open rotation says, else the schedule's own words.</summary>
    private string MessageOf(Policy policy, SecretRecord? secret, OpenRotation? open, ScheduleStatus status)
    {
        if (status.Group == ScheduleGroup.NotAdopted && adoption.Problems.TryGetValue(policy.Name, out var why))
        {
            return $"cannot be adopted: {why}";
        }

        if (SecretGroups.HasDrifted(secret, status.Group))
        {
            return DriftWords.Of(policy.Provider.Type, secret!);
        }

        if (SecretGroups.NeedsReview(secret, status.Group))
        {
            return $"The emergency {secret!.ReviewOf} went without approval: {ReviewRecord.Need} people have to look at it. "
                + status.Message;
        }

        if (open is null && secret is { FailuresInARow: > 0 and var failures })
        {
            var last = failures == 1 ? "The last try to rotate it did not succeed"
                : $"The last {failures} tries to rotate it did not succeed";
            return $"{status.Message} {last}: see 'rotunda show {secret.LastFailedId}'.";
        }

        return open is null ? status.Message : OpenRotations.Sentence(open);
    }

    /// <summary>The commands that the open rotation offers; else what puts right what is wrong with the secret.</summary>
    private static string? NextOf(
        Policy policy, SecretRecord? secret, OpenRotation? open, RotationStatus? progress, ScheduleStatus status) =>
        open is not null ? progress?.NextAction
        : SecretGroups.NeedsReview(secret, status.Group) ? $"rotunda review close {secret!.ReviewOf} --reason WHAT"
        : status.Group == ScheduleGroup.NotReady ? "rotunda doctor"
        : status.Group == ScheduleGroup.Overdue || secret is { FailuresInARow: > 0 } ? $"rotunda rotate {policy.Name}"
        : null;
}
