using Microsoft.Extensions.Logging;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Orchestrations;
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
        if (catalog.Current is not { } current || !current.Policies.TryGetValue(request.Secret, out var policy))
        {
            return null;
        }

        return (await MakePlanAsync(current, policy, request, cancellationToken)).Plan;
    }

    public async Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { } current || !current.Policies.TryGetValue(request.Secret, out var policy))
        {
            return new StartOutcome(StartOutcomeKind.UnknownSecret, Message: $"The catalog has no secret named like that.");
        }

        try
        {
            return await PlanAndStartAsync(current, policy, request, cancellationToken);
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

    private async Task<StartOutcome> PlanAndStartAsync(
        RotationCatalog current,
        Policy policy,
        StartRequest request,
        CancellationToken cancellationToken)
    {
        StartResult? result = null;
        for (var attempt = 1; attempt <= PlanAttempts; attempt++)
        {
            var (plan, supersedes) = await MakePlanAsync(current, policy, request, cancellationToken);
            result = await ledger.TryStartAsync(plan, request.StartKey, supersedes, cancellationToken);
            if (result.Kind == StartKind.StalePlan || (result.Kind == StartKind.Conflict && request.Trigger == RotationTrigger.Emergency))
            {
                continue;
            }

            return await AfterLedgerAsync(plan, request, result, cancellationToken);
        }

        return new StartOutcome(
            StartOutcomeKind.Conflict,
            result!.RotationId,
            Message: "Other starts of this secret kept coming first. Try again.");
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
                Message: $"Rotation {result.RotationId} of this secret is open. One at a time.");
        }

        if (result.Kind == StartKind.Existing)
        {
            return new StartOutcome(StartOutcomeKind.Existing, result.RotationId);
        }

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
                ? $"The secret is not adopted yet: {why}"
                : "The secret is not adopted yet.");
        }

        var supersedes = request.Trigger == RotationTrigger.Emergency && secret.ActiveRotationId is not null;
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
            return (plan with { CatalogVersion = current.Version }, supersedes);
        }
        catch (ArgumentException refused)
        {
            throw new PlanRefusedException(refused.Message);
        }
    }
}
