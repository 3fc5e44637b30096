using Microsoft.Extensions.Logging;
using Rotunda.Activities.Steps;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Where rotations are asked for and steered. Both heads and the schedule come here, so that a start is the same
/// whoever asks: adopt, plan, write to the ledger, then start the orchestration under the rotation's id.
/// </summary>
public sealed partial class RotationDesk(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    Leavers leavers,
    DoorOrder doors,
    GroupOrder groups,
    ILedger ledger,
    IOrchestrationClient client,
    ProviderRegistry providers,
    TimeProvider time,
    ILogger<RotationDesk> logger)
{
    /// <summary>How often a plan is made again because another start took its number.</summary>
    private const int PlanAttempts = 5;

    /// <summary>The dry run: the plan that a start would have now. Writes nothing but the adoption of a secret seen first.</summary>
    /// <returns>Null for a secret that is not in the catalog.</returns>
    /// <exception cref="PlanRefusedException">No plan can be made; the message says why.</exception>
    public async Task<RotationPlan?> PlanAsync(StartRequest request, CancellationToken cancellationToken)
    {
        return await FindAsync(request, cancellationToken) is var (current, policy)
            ? (await MakePlanAsync(current, policy, request, cancellationToken)).Plan
            : null;
    }

    /// <summary>Those of the catalog in force.</summary>
    public IEnumerable<Policy> Secrets => catalog.Current?.Policies.Values ?? [];

    public Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellationToken) =>
        request.Trigger == RotationTrigger.Emergency
            ? FastLane.RunAsync(() => FindAndStartAsync(request, cancellationToken))
            : FindAndStartAsync(request, cancellationToken);

    private async Task<StartOutcome> FindAndStartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(request, cancellationToken) is var (current, policy)
                ? await PlanAndStartAsync(current, policy, request, cancellationToken)
                : new StartOutcome(StartOutcomeKind.UnknownSecret, Message: Near.NoSecret(request.Secret, catalog.Current));
        }
        catch (PlanRefusedException refused)
        {
            return new StartOutcome(StartOutcomeKind.Refused, Message: refused.Message);
        }
    }

    /// <summary>Starts the orchestration of a rotation that the ledger has. Harmless when it runs already.</summary>
    internal async Task EnsureScheduledAsync(RotationInput input, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewAsync(RotationNames.Orchestration, input, new StartOptions(input.Plan.RotationId), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // That is what we wanted.
        }
    }

    /// <summary>The policy to plan by; null for a secret that is not known.</summary>
    /// <exception cref="PlanRefusedException">It cannot be retired.</exception>
    private async Task<(RotationCatalog Catalog, Policy Policy)?> FindAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { } current)
        {
            return null;
        }

        if (request.Instead != Strategy.Retire)
        {
            return current.Policies.TryGetValue(request.Secret, out var policy) ? (current, policy) : null;
        }

        return current.Policies.ContainsKey(request.Secret)
            ? throw new PlanRefusedException($"{request.Secret} is in the catalog. Take it out first, then retire it.")
            : await leavers.FindAsync(request.Secret, cancellationToken) is { } leaver
                ? await LastPolicyAsync(current, leaver, cancellationToken)
                : current.Policies.Values.All(policy => policy.Was != request.Secret)
                    && await ledger.GetSecretAsync(request.Secret, cancellationToken) is not null
                    ? throw new PlanRefusedException(Leavers.NothingLive(request.Secret))
                    : null;
    }

    private async Task<(RotationCatalog Catalog, Policy Policy)> LastPolicyAsync(
        RotationCatalog current,
        Leaver leaver,
        CancellationToken cancellationToken)
    {
        var name = leaver.Secret.Name;
        if (leaver.Kept is not { } kept)
        {
            throw new PlanRefusedException(
                $"Nothing tells how to reach the provider of {name}: it left the catalog before its policy was kept. Put it back into the "
                    + $"catalog for a moment, or end its credentials by hand and say so: rotunda retire {name} --handed-over.");
        }

        if (await leavers.SharerAsync(leaver, cancellationToken) is { } sharer)
        {
            throw new PlanRefusedException(
                $"{sharer} in the catalog uses an account or a key of {name}: revoking it would lock that out. If {sharer} is the same "
                    + $"secret under a new name, write \"was: {name}\" there. Else hand it over: rotunda retire {name} --handed-over.");
        }

        var stores = new Dictionary<string, ProviderBinding>(StringComparer.Ordinal);
        foreach (var (store, binding) in new[] { current.Stores, kept.Stores }.OfType<IReadOnlyDictionary<string, ProviderBinding>>()
            .SelectMany(some => some))
        {
            stores.TryAdd(store, binding);
        }

        // What another secret is delivered to by now is not taken away from it.
        return (
            current with { Stores = stores },
            kept.Policy with { Targets = [.. kept.Policy.Targets.Where(target => !leavers.IsTaken(target))] });
    }

    private async Task<StartOutcome> PlanAndStartAsync(
        RotationCatalog current,
        Policy policy,
        StartRequest request,
        CancellationToken cancellationToken)
    {
        if (request.Trigger != RotationTrigger.Emergency
            && await doors.WaitsForAsync(current, policy, cancellationToken) is { } first)
        {
            return new StartOutcome(
                StartOutcomeKind.Conflict,
                first.Id,
                Message: $"Rotation {first.Id} is under way, and one of {first.Secret} and {policy.Name} is the door by which "
                    + "Rotunda comes "
                    + "in to the other: they do not move side by side. Wait for it, or end it.");
        }

        StartResult? result = null;
        var limit = await groups.LimitAsync(current, policy, request, cancellationToken);
        for (var attempt = 1; attempt <= PlanAttempts; attempt++)
        {
            var (plan, supersedes) = await MakePlanAsync(current, policy, request, cancellationToken);
            result = await ledger.TryStartAsync(plan, request.StartKey, supersedes, limit, cancellationToken);
            if (result.Kind == StartKind.StalePlan || (result.Kind == StartKind.Conflict && request.Trigger == RotationTrigger.Emergency))
            {
                continue;
            }

            return result.Kind == StartKind.GroupFull
                ? await groups.FullAsync(limit!, request.Secret, result.RotationId, cancellationToken)
                : await AfterLedgerAsync(plan, request, result, cancellationToken);
        }

        return new StartOutcome(
            StartOutcomeKind.Conflict,
            result!.RotationId,
            Message: $"Other starts of {request.Secret} kept coming first. Try again.");
    }

    private async Task<StartOutcome> AfterLedgerAsync(
        RotationPlan plan,
        StartRequest request,
        StartResult result,
        CancellationToken cancellationToken)
    {
        if (result.Kind == StartKind.Conflict)
        {
            return new StartOutcome(
                StartOutcomeKind.Conflict,
                result.RotationId,
                Message: $"Rotation {result.RotationId} of {plan.Secret} is open, and only one moves at a time. Wait for it, or end it.");
        }

        if (result.Kind == StartKind.Existing)
        {
            return new StartOutcome(StartOutcomeKind.Existing, result.RotationId);
        }

        DeskMeter.Started(request.Trigger);
        try
        {
            // From here on the rotation is on record: what fails now is made good by the reconciler, so the start stands.
            if (result.SupersededId is { } superseded)
            {
                await TellSupersededAsync(superseded, plan, request, cancellationToken);
            }

            await EnsureScheduledAsync(new RotationInput(plan), cancellationToken);
            LogStarted(plan.RotationId, request.RequestedBy, request.Trigger);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogNotScheduledYet(problem, plan.RotationId);
        }

        return new StartOutcome(StartOutcomeKind.Started, result.RotationId, result.SupersededId);
    }

    private async Task TellSupersededAsync(string superseded, RotationPlan plan, StartRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var message = new ControlMessage(ControlVerb.Supersede, request.RequestedBy, $"superseded by {plan.RotationId}");
            await client.RaiseEventAsync(superseded, RotationNames.ControlEvent, message, cancellationToken);
        }
        catch (OrchestrationNotFoundException)
        {
            // Its orchestration never started; the ledger has fenced it off already.
        }
    }

    /// <summary>A deliver run takes a rotation over whose revoke is held because a target of the catalog never got its value.</summary>
    private async Task<bool> MayTakeOverAsync(
        Policy policy,
        SecretRecord secret,
        string open,
        StartRequest request,
        CancellationToken cancellationToken) =>
        request.Instead == Strategy.Deliver
        && NotDelivered.Of(
            policy,
            secret,
            await ledger.GetRotationAsync(open, cancellationToken),
            await ledger.ListCredentialsAsync(secret.Name, cancellationToken)).Count > 0;

    private async Task<(RotationPlan Plan, bool Supersedes)> MakePlanAsync(
        RotationCatalog current,
        Policy policy,
        StartRequest request,
        CancellationToken cancellationToken)
    {
        await adoption.EnsureAdoptedAsync(current, policy, cancellationToken);
        var secret = await ledger.GetSecretAsync(policy.Name, cancellationToken);
        var snapshot = await ledger.GetSnapshotAsync(policy.Name, cancellationToken);
        if (secret is null || snapshot is null)
        {
            throw new PlanRefusedException(adoption.Problems.TryGetValue(policy.Name, out var why)
                ? $"{policy.Name} is not adopted yet, so there is nothing to rotate: {why}"
                : $"{policy.Name} is not adopted yet, so there is nothing to rotate. See the server's log for why; it tries again by "
                    + "itself.");
        }

        var supersedes = secret.ActiveRotationId is { } open
            && (request.Trigger == RotationTrigger.Emergency || await MayTakeOverAsync(policy, secret, open, request, cancellationToken));
        var wish = new PlanRequest(
            request.Trigger,
            request.Reason,
            request.RequestedBy,
            time.GetUtcNow(),
            request.Incident,
            request.RevokeFirst,
            supersedes) { Instead = request.Instead };
        try
        {
            var plan = RotationPlanner.Plan(policy, snapshot, wish, providers.Descriptors, current.Hash, current.Stores, current.Head);
            var told = plan with { CatalogVersion = current.Version };
            return (await WarnedAsync(told, current, policy, request, cancellationToken), supersedes);
        }
        catch (ArgumentException refused)
        {
            throw new PlanRefusedException(refused.Message);
        }
    }

    /// <summary>A person who starts what is paused, or what its group keeps back, is told so.</summary>
    private async Task<RotationPlan> WarnedAsync(
        RotationPlan plan, RotationCatalog current, Policy policy, StartRequest request, CancellationToken cancellationToken)
    {
        if (request.Trigger == RotationTrigger.Schedule || request.Instead is not null)
        {
            return plan;
        }

        var now = time.GetUtcNow();
        var ordered = Schedules.PausesOf(await ledger.ListPausesAsync(cancellationToken))(policy);
        var paused = Pauses.InForce(policy, ordered, now) is { } pause
            ? Pauses.Warning(pause, request.Trigger == RotationTrigger.Emergency)
            : null;
        var notes = new[] { paused, await groups.NoteAsync(current, policy, request, cancellationToken) }.OfType<string>();
        return plan with { Warnings = [.. plan.Warnings, .. notes] };
    }
}
