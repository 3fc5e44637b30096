using Microsoft.Extensions.Logging;
using Rotunda.Activities.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Orchestrations;

namespace Rotunda.Api.Desk;

/// <summary>
/// Makes the ledger and the engine agree. The two are separate files, so a crash may fall between them: a rotation on record
/// whose orchestration was never started is started; one whose orchestration has ended without closing the books is shown as stuck.
/// </summary>
public sealed partial class Reconciler(RotationDesk desk, ILedger ledger, IOrchestrationClient client, ILogger<Reconciler> logger)
{
    /// <summary>Far above the interpreter's own records, so that the two never share a sequence number.</summary>
    private const int RecordSequence = 1_000_000;

    private const string Actor = "system";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var rotation in await ledger.ListRotationsAsync(new RotationFilter(OpenOnly: true, Limit: 10_000), cancellationToken))
        {
            try
            {
                await ReconcileAsync(rotation, cancellationToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // One that cannot be settled now must not keep the others from it.
                LogFailed(problem, rotation.Id);
            }
        }
    }

    private async Task ReconcileAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        var instance = await client.GetAsync(rotation.Id, withInputsAndOutputs: false, cancellationToken);
        if (instance is null)
        {
            // A rotation that had begun and lost its history (a hub restored from an older backup) is run from its first step:
            // every step looks before it acts.
            await desk.EnsureScheduledAsync(rotation.Plan, cancellationToken);
            LogScheduled(rotation.Id);
        }
        else if (instance.HasEnded && rotation.State != RotationState.Stuck)
        {
            await RecordStuckAsync(rotation, instance, cancellationToken);
        }
    }

    private async Task RecordStuckAsync(RotationRecord rotation, OrchestrationState instance, CancellationToken cancellationToken)
    {
        // Read again: the rotation may have closed its books between our two reads.
        if (await ledger.GetRotationAsync(rotation.Id, cancellationToken) is not { } now || now.State.IsFinal())
        {
            return;
        }

        var why = $"Its orchestration ended as {instance.Status} without closing the rotation"
            + (instance.Failure is { } failure ? $" ({failure.ErrorType}: {failure.Message})" : "")
            + ". Check the credentials of the secret, then start an emergency rotation, which takes them over.";
        await ledger.RecordStateAsync(
            new RecordInput(rotation.Id, rotation.Number, RecordSequence, RotationState.Stuck, "rotation.stuck", Actor, why, null),
            cancellationToken);
        LogEndedOpen(rotation.Id, instance.Status);
    }
}
