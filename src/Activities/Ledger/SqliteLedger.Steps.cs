using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Orchestrations;

namespace Rotunda.Activities.Ledger;

public sealed partial class SqliteLedger
{
    /// <summary>How far back an attempt's intent is looked for; attempts of one step do not overlap.</summary>
    private const int IntentSearch = 20;

    public Task BeginStepAsync(StepInput input, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Fenced(connection, input.RotationId).Record;
                AppendStep(connection, rotation, input, AuditActions.StepIntent, Describe(input));
            },
            cancellationToken);

    public Task EndStepAsync(StepInput input, StepOutcome outcome, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                var rotation = Rotation(connection, input.RotationId).Record;
                var detail = Describe(input) with
                {
                    Outcome = outcome.Kind,
                    Reason = outcome.Reason,
                    RetryAfter = outcome.RetryAfter,
                    Facts = outcome.Facts,
                    DurationMs = SinceIntent(connection, input),
                };
                AppendStep(connection, rotation, input, LedgerWords.ActionOf(outcome.Kind), detail);
            },
            cancellationToken);

    public Task<IReadOnlyList<StepDetail>> ListOutcomesAsync(string rotationId, string stepId, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<StepDetail>>(
            // Each outcome has an intent beside it.
            connection => [.. StepRows(connection, rotationId, stepId, limit * 2)
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

    private static List<AuditRow> StepRows(SqliteConnection connection, string rotationId, string stepId, int limit) =>
        connection.List(LedgerSql.StepAuditBackwards, LedgerRows.Audit, ("$rotation", rotationId), ("$step", stepId), ("$limit", limit));

    private long? SinceIntent(SqliteConnection connection, StepInput input)
    {
        foreach (var row in StepRows(connection, input.RotationId, input.Step.Id, IntentSearch))
        {
            if (row.Action == AuditActions.StepIntent && StepDetail.Of(row) is { } intent && intent.Undo == input.Undo?.Id && intent.Attempt == input.Attempt)
            {
                return Math.Max(0, (long)(_time.GetUtcNow() - row.At).TotalMilliseconds);
            }
        }

        return null;
    }

    private void AppendStep(SqliteConnection connection, RotationRecord rotation, StepInput input, string action, StepDetail detail) =>
        Append(connection, new AuditEntry(
            AuditActions.System, action, rotation.Secret, input.RotationId, input.Step.Id, JsonSerializer.Serialize(detail, LedgerJson.Default.StepDetail)));
}
