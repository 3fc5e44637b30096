using Microsoft.Azure.Functions.Worker;
using Rotunda.Activities.Steps;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions;

/// <summary>
/// One activity per step kind, under the kind's name, so that the portal shows the steps by name. The host's token is not passed
/// on: a step that is cut off would be recorded as failed, while one that dies with its process is run again.
/// </summary>
public sealed class StepFunctions(StepActivity runner)
{
    [Function(StepKinds.Validate)]
    public Task<StepOutcome> ValidateAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Validate, input, CancellationToken.None);

    [Function(StepKinds.TakeOver)]
    public Task<StepOutcome> TakeOverAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.TakeOver, input, CancellationToken.None);

    [Function(StepKinds.Generate)]
    public Task<StepOutcome> GenerateAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Generate, input, CancellationToken.None);

    [Function(StepKinds.Issue)]
    public Task<StepOutcome> IssueAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Issue, input, CancellationToken.None);

    [Function(StepKinds.Apply)]
    public Task<StepOutcome> ApplyAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Apply, input, CancellationToken.None);

    [Function(StepKinds.Verify)]
    public Task<StepOutcome> VerifyAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Verify, input, CancellationToken.None);

    [Function(StepKinds.Deliver)]
    public Task<StepOutcome> DeliverAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Deliver, input, CancellationToken.None);

    [Function(StepKinds.ConfirmSync)]
    public Task<StepOutcome> ConfirmSyncAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.ConfirmSync, input, CancellationToken.None);

    [Function(StepKinds.RestartConsumers)]
    public Task<StepOutcome> RestartConsumersAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.RestartConsumers, input, CancellationToken.None);

    [Function(StepKinds.VerifyConsumers)]
    public Task<StepOutcome> VerifyConsumersAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.VerifyConsumers, input, CancellationToken.None);

    [Function(StepKinds.Promote)]
    public Task<StepOutcome> PromoteAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Promote, input, CancellationToken.None);

    [Function(StepKinds.Evidence)]
    public Task<StepOutcome> EvidenceAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Evidence, input, CancellationToken.None);

    [Function(StepKinds.Revoke)]
    public Task<StepOutcome> RevokeAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Revoke, input, CancellationToken.None);

    [Function(StepKinds.Finish)]
    public Task<StepOutcome> FinishAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Finish, input, CancellationToken.None);

    [Function(StepKinds.Preflight)]
    public Task<StepOutcome> PreflightAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Preflight, input, CancellationToken.None);

    [Function(StepKinds.Rehearse)]
    public Task<StepOutcome> RehearseAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Rehearse, input, CancellationToken.None);

    [Function(StepKinds.Backup)]
    public Task<StepOutcome> BackupAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Backup, input, CancellationToken.None);

    [Function(StepKinds.Migrate)]
    public Task<StepOutcome> MigrateAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Migrate, input, CancellationToken.None);

    [Function(StepKinds.VerifyRows)]
    public Task<StepOutcome> VerifyRowsAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.VerifyRows, input, CancellationToken.None);

    [Function(StepKinds.ScaleConsumers)]
    public Task<StepOutcome> ScaleConsumersAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.ScaleConsumers, input, CancellationToken.None);

    [Function(StepKinds.DropBackup)]
    public Task<StepOutcome> DropBackupAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.DropBackup, input, CancellationToken.None);

    [Function(StepKinds.RestoreRows)]
    public Task<StepOutcome> RestoreRowsAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.RestoreRows, input, CancellationToken.None);

    [Function(StepKinds.Ask)]
    public Task<StepOutcome> AskAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Ask, input, CancellationToken.None);

    [Function(StepKinds.ConfirmRevoked)]
    public Task<StepOutcome> ConfirmRevokedAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.ConfirmRevoked, input, CancellationToken.None);

    [Function(StepKinds.Hold)]
    public Task<StepOutcome> HoldAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Hold, input, CancellationToken.None);

    [Function(StepKinds.DiscardPending)]
    public Task<StepOutcome> DiscardPendingAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.DiscardPending, input, CancellationToken.None);

    [Function(StepKinds.RevokeNew)]
    public Task<StepOutcome> RevokeNewAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.RevokeNew, input, CancellationToken.None);

    [Function(StepKinds.ReapplyOld)]
    public Task<StepOutcome> ReapplyOldAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.ReapplyOld, input, CancellationToken.None);

    [Function(StepKinds.Redeliver)]
    public Task<StepOutcome> RedeliverAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Redeliver, input, CancellationToken.None);

    [Function(StepKinds.Unpromote)]
    public Task<StepOutcome> UnpromoteAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Unpromote, input, CancellationToken.None);

    [Function(StepKinds.Disable)]
    public Task<StepOutcome> DisableAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Disable, input, CancellationToken.None);

    [Function(StepKinds.Enable)]
    public Task<StepOutcome> EnableAsync([ActivityTrigger] StepInput input) =>
        runner.RunAsync(StepKinds.Enable, input, CancellationToken.None);

    [Function(StepKinds.Record)]
    public Task<StepOutcome> RecordAsync([ActivityTrigger] RecordInput input) => runner.RecordAsync(input, CancellationToken.None);
}
