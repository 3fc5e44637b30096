using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>Puts every row back under the key in use: on the way back, or where an earlier rotation left some under its own.</summary>
internal sealed class RestoreRowsStep(DataWork work, StepServices services) : IStep
{
    private const string Level = "level";
    private const int RotationsLookedAt = 20;

    public string Kind => StepKinds.RestoreRows;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (context.IsSet(StepSettings.Level))
        {
            if (await FenceAsync(context, cancellationToken) is { } problem)
            {
                return problem;
            }
        }
        else if (context.IsSet(StepSettings.IfRestored) && !await IsRestoredAsync(context, cancellationToken))
        {
            // Nobody was ever told to write with the new key.
            return StepOutcome.AlreadyDone();
        }

        // Each look is a pass of its own: what was found the last time says nothing of what was written since.
        var pass = context.IsSet(StepSettings.Level) ? Level : context.Input.Undo?.Id ?? context.Input.Step.Id;
        return await work.WithKeysAsync(
            context,
            needsNew: false,
            (data, keys) => data.RestoreRowsAsync(context.Call!, keys, DataWork.SliceOf(context, pass), cancellationToken),
            cancellationToken);
    }

    /// <summary>A worker of a rotation that was taken over may wake up in the middle of a batch.</summary>
    private async Task<StepOutcome?> FenceAsync(StepContext context, CancellationToken cancellationToken)
    {
        var superseded = new RotationFilter(context.Secret.Name, [RotationState.Superseded], Limit: RotationsLookedAt);
        foreach (var earlier in await services.Ledger.ListRotationsAsync(superseded, cancellationToken))
        {
            var outcome = await work.WithoutKeysAsync(
                context,
                data => data.FenceAsync(context.Call! with { RotationId = earlier.Id }, cancellationToken));
            if (!outcome.Succeeded)
            {
                return outcome;
            }
        }

        return null;
    }

    private async Task<bool> IsRestoredAsync(StepContext context, CancellationToken cancellationToken)
    {
        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        return trail.Attempts.Any(attempt => attempt.Detail.Kind == StepKinds.RestoreRows
            && attempt.Detail.Undo is { } undo
            && undo != context.Input.Undo?.Id);
    }
}
