using Microsoft.Data.Sqlite;
using Rotunda.Rotation;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Ledger;

public sealed partial class SqliteLedger
{
    public Task<StartResult> TryStartAsync(RotationPlan plan, string? startKey, bool supersede, CancellationToken cancellationToken) =>
        _file.WriteAsync(connection => TryStart(connection, plan, startKey, supersede), cancellationToken);

    public Task<RotationRecord?> GetRotationAsync(string rotationId, CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => connection.First(LedgerSql.GetRotation, LedgerRows.Rotation, ("$id", rotationId))?.Record, cancellationToken);

    public Task<IReadOnlyList<RotationRecord>> ListRotationsAsync(RotationFilter filter, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<RotationRecord>>(
            connection => connection.List(
                LedgerSql.ListRotations,
                row => LedgerRows.Rotation(row).Record,
                ("$secret", filter.Secret),
                ("$open", filter.OpenOnly ? 1 : 0),
                ("$states", filter.States is { } states ? $",{string.Join(',', states.Select(LedgerWords.Of))}," : null),
                ("$limit", filter.Limit)),
            cancellationToken);

    public Task RecordStateAsync(RecordInput input, CancellationToken cancellationToken) =>
        _file.WriteAsync(connection => RecordState(connection, input), cancellationToken);

    private StartResult TryStart(SqliteConnection connection, RotationPlan plan, string? startKey, bool supersede)
    {
        if (startKey is not null
            && connection.First(LedgerSql.RotationByKey, LedgerRows.Rotation, ("$secret", plan.Secret), ("$key", startKey)) is { } existing)
        {
            return new StartResult(StartKind.Existing, existing.Record.Id, null);
        }

        var secret = Secret(connection, plan.Secret) ?? throw new InvalidOperationException($"The ledger has no secret '{plan.Secret}': adopt it first.");
        var open = connection.First(LedgerSql.OpenRotation, LedgerRows.Rotation, ("$secret", plan.Secret))?.Record;
        if (open is not null && !supersede)
        {
            return new StartResult(StartKind.Conflict, open.Id, null);
        }

        if (plan.Number != secret.LastNumber + 1)
        {
            return new StartResult(StartKind.StalePlan, plan.RotationId, null);
        }

        if (open is not null)
        {
            Supersede(connection, open, plan);
        }

        Add(connection, plan, startKey);
        return new StartResult(StartKind.Started, plan.RotationId, open?.Id);
    }

    private void Supersede(SqliteConnection connection, RotationRecord open, RotationPlan plan)
    {
        var why = $"Rotation '{plan.RotationId}' has taken over.";
        SetState(connection, open.Id, RotationState.Superseded, why, null);
        Append(connection, new AuditEntry(
            plan.RequestedBy, AuditActions.RotationTakenOver, open.Secret, open.Id, null,
            Json(new Dictionary<string, string> { ["by"] = plan.RotationId }, LedgerJson.Default.DictionaryStringString)));
    }

    private void Add(SqliteConnection connection, RotationPlan plan, string? startKey)
    {
        var text = Json(plan, RotationJson.Default.RotationPlan);
        connection.Run(LedgerSql.SetLastNumber, ("$name", plan.Secret), ("$number", plan.Number));
        connection.Run(
            LedgerSql.AddRotation,
            ("$id", plan.RotationId), ("$secret", plan.Secret), ("$number", plan.Number), ("$state", LedgerWords.Of(RotationState.Planned)),
            ("$trigger", LedgerWords.Of(plan.Trigger)), ("$reason", plan.Reason), ("$by", plan.RequestedBy), ("$incident", plan.Incident),
            ("$plan", text), ("$key", startKey), ("$at", Now()));
        var detail = new PlannedDetail(
            plan.Number, plan.Strategy.ToString(), LedgerWords.Of(plan.Trigger), plan.Reason, plan.Incident, plan.CatalogHash, HashOf(text));
        Append(connection, new AuditEntry(
            plan.RequestedBy, AuditActions.RotationPlanned, plan.Secret, plan.RotationId, null, Json(detail, LedgerJson.Default.PlannedDetail)));
    }

    private void RecordState(SqliteConnection connection, RecordInput input)
    {
        var rotation = Rotation(connection, input.RotationId).Record;
        if (connection.Scalar(LedgerSql.HasRecord, ("$id", input.RotationId), ("$sequence", input.Sequence)) is not null)
        {
            return;
        }

        connection.Run(LedgerSql.AddRecord, ("$id", input.RotationId), ("$sequence", input.Sequence));
        // An end is final: a rotation that was taken over may still record how it stopped.
        if (!rotation.State.IsFinal())
        {
            SetState(connection, input.RotationId, input.State, input.Detail, input.Until);
        }

        var detail = new StateDetail(LedgerWords.Of(input.State), input.Sequence, input.Detail, input.Until);
        Append(connection, new AuditEntry(
            input.Actor, input.Action, rotation.Secret, input.RotationId, null, Json(detail, LedgerJson.Default.StateDetail)));
    }

    private void SetState(SqliteConnection connection, string id, RotationState state, string? detail, DateTimeOffset? until)
    {
        var now = Now();
        connection.Run(
            LedgerSql.SetRotationState,
            ("$id", id), ("$state", LedgerWords.Of(state)), ("$detail", detail), ("$until", until is { } at ? LedgerWords.Of(at) : null),
            ("$ended", state.IsFinal() ? now : null), ("$at", now));
    }
}
