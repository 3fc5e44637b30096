using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Waits until nothing of a superseded rotation is under way any more, then says which credentials this one has to
/// settle.</summary>
internal sealed class TakeOverStep(StepServices services) : IStep
{
    private const int RotationsLookedAt = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Otherwise = TimeSpan.FromMinutes(2);

    public string Kind => StepKinds.TakeOver;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var filter = new RotationFilter(context.Secret.Name, [RotationState.Superseded], Limit: RotationsLookedAt);
        foreach (var earlier in await services.Ledger.ListRotationsAsync(filter, cancellationToken))
        {
            if (await UnderWayAsync(earlier, cancellationToken) is { } attempt)
            {
                return StepOutcome.RetryLater($"Step '{attempt.StepId}' of rotation '{earlier.Id}' is still under way.", Pause);
            }
        }

        if (await PlanGuard.CheckActiveAsync(services.Ledger, context, cancellationToken) is { } gone)
        {
            return gone;
        }

        var credentials = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var taken = credentials.Where(c => c.MayBeLive && c.RotationNumber != context.Rotation.Number).Select(Describe).ToList();
        return StepOutcome.Done(("takenOver", taken.Count == 0 ? "nothing" : string.Join(", ", taken)));
    }

    /// <summary>The fence lets the earlier rotation begin nothing more, so only an attempt without an end can be under way; one
    /// that is older than an attempt may take was cut off with its process.</summary>
    private async Task<StepTrail.Attempt?> UnderWayAsync(RotationRecord earlier, CancellationToken cancellationToken)
    {
        var trail = await StepTrail.ReadAsync(services.Ledger, earlier.Id, cancellationToken);
        var now = services.Time.GetUtcNow();
        return trail.Attempts.LastOrDefault(attempt => attempt.Outcome is null && now - attempt.At < LimitOf(earlier.Plan, attempt.StepId));
    }

    private static TimeSpan LimitOf(RotationPlan plan, string stepId) =>
        (plan.Steps.FirstOrDefault(step => step.Id == stepId) is { Kind: not StepKinds.Evidence, Timeout: { } limit }
            ? limit
            : Otherwise) + Margin;

    private static string Describe(CredentialRecord credential) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"#{credential.Id} of number {credential.RotationNumber} ({LedgerWords.Of(credential.State)})");
}
