using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    /// <summary>How far back an attempt's intent is looked for; attempts of one step do not overlap.</summary>
    private const int IntentSearch = 20;

    public Task BeginStepAsync(StepInput input, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = await HeadAsync(session, input.RotationId);
                rotation.PassFence();
                await AppendStepAsync(session, rotation, input, AuditActions.StepIntent, Describe(input));
            },
            cancellationToken);

    public Task EndStepAsync(StepInput input, StepOutcome outcome, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = await HeadAsync(session, input.RotationId);
                var detail = Describe(input) with
                {
                    Outcome = outcome.Kind,
                    Reason = outcome.Reason,
                    RetryAfter = outcome.RetryAfter,
                    Facts = outcome.Facts,
                    DurationMs = await SinceIntentAsync(session, input),
                };
                await AppendStepAsync(session, rotation, input, LedgerWords.ActionOf(outcome.Kind), detail);
            },
            cancellationToken);

    public Task<IReadOnlyList<StepDetail>> ListOutcomesAsync(
        string rotationId,
        string stepId,
        int limit,
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StepDetail>>(
            // Each outcome has an intent beside it.
            async session => [.. (await StepRowsAsync(session, rotationId, stepId, limit * 2))
                .Where(row => row.Action != AuditActions.StepIntent)
                .Select(row => StepDetail.Of(row)!)
                .Where(detail => detail.Undo is null)
                .Take(limit)],
            cancellationToken);

    private static StepDetail Describe(StepInput input) => new(
        input.Undo?.Kind ?? input.Step.Kind,
        input.Undo?.Title ?? input.Step.Title,
        input.Undo is null ? input.Step.Target : input.Undo.Target,
        input.Undo?.Id,
        input.Attempt);

    private static Task<List<AuditRow>> StepRowsAsync(LedgerSession session, string rotationId, string stepId, int limit) =>
        session.ListAsync(LedgerSql.StepAuditBackwards, LedgerRows.Audit, ("@rotation", rotationId), ("@step", stepId), ("@limit", limit));

    private async Task<long?> SinceIntentAsync(LedgerSession session, StepInput input)
    {
        foreach (var row in await StepRowsAsync(session, input.RotationId, input.Step.Id, IntentSearch))
        {
            if (row.Action == AuditActions.StepIntent
                && StepDetail.Of(row) is { } intent
                && intent.Undo == input.Undo?.Id
                && intent.Attempt == input.Attempt)
            {
                return Math.Max(0, (long)(_time.GetUtcNow() - row.At).TotalMilliseconds);
            }
        }

        return null;
    }

    private Task AppendStepAsync(LedgerSession session, RotationHead rotation, StepInput input, string action, StepDetail detail) =>
        AppendAsync(session, new AuditEntry(
            AuditActions.System,
            action,
            rotation.Secret,
            input.RotationId,
            input.Step.Id,
            JsonSerializer.Serialize(detail, LedgerJson.Default.StepDetail)));
}
