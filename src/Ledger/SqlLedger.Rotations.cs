using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<StartResult> TryStartAsync(RotationPlan plan, string? startKey, bool supersede, CancellationToken cancellationToken) =>
        TryStartAsync(plan, startKey, supersede, group: null, cancellationToken);

    public Task<StartResult> TryStartAsync(
        RotationPlan plan, string? startKey, bool supersede, GroupLimit? group, CancellationToken cancellationToken) =>
        WriteAsync(session => TryStartAsync(session, plan, startKey, supersede, group), cancellationToken);

    public Task<RotationRecord?> GetRotationAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync(
            async session => (await session.FirstAsync(LedgerSql.GetRotation, LedgerRows.Rotation, ("@id", rotationId)))?.Record,
            cancellationToken);

    public Task<IReadOnlyList<RotationRecord>> ListRotationsAsync(RotationFilter filter, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RotationRecord>>(
            async session => await session.ListAsync(
                LedgerSql.ListRotations(filter),
                row => LedgerRows.ListedRotation(row).Record,
                ("@secret", filter.Secret),
                ("@states", filter.States is { } states ? $",{string.Join(',', states.Select(LedgerWords.Of))}," : null),
                ("@trigger", filter.Trigger is { } trigger ? LedgerWords.Of(trigger) : null),
                ("@incident", filter.Incident),
                ("@after", filter.AfterSecret),
                ("@number", filter.Number),
                ("@limit", filter.Limit)),
            cancellationToken);

    public Task RecordStateAsync(RecordInput input, CancellationToken cancellationToken) =>
        WriteAsync(session => RecordStateAsync(session, input), cancellationToken);

    private async Task<StartResult> TryStartAsync(
        LedgerSession session, RotationPlan plan, string? startKey, bool supersede, GroupLimit? group)
    {
        if (startKey is not null
            && await session.FirstAsync(
                LedgerSql.RotationByKey,
                LedgerRows.Rotation,
                ("@secret", plan.Secret),
                ("@key", startKey)) is { } existing)
        {
            return new StartResult(StartKind.Existing, existing.Record.Id, null);
        }

        var secret = await SecretAsync(session, plan.Secret)
            ?? throw new InvalidOperationException($"The ledger has no secret '{plan.Secret}': adopt it first.");
        var open = (await session.FirstAsync(LedgerSql.OpenRotation, LedgerRows.Rotation, ("@secret", plan.Secret)))?.Record;
        if (open is not null && !supersede)
        {
            return new StartResult(StartKind.Conflict, open.Id, null);
        }

        if (plan.Number != secret.LastNumber + 1)
        {
            return new StartResult(StartKind.StalePlan, plan.RotationId, null);
        }

        if (group is not null && await FullAsync(session, group) is { } other)
        {
            return new StartResult(StartKind.GroupFull, other, null);
        }

        if (open is not null)
        {
            await SupersedeAsync(session, open, plan);
        }

        await AddAsync(session, plan, startKey);
        return new StartResult(StartKind.Started, plan.RotationId, open?.Id);
    }

    /// <summary>One that is under way, where no other one of the group may start; null where one may. Whoever writes is alone, so what is
    /// counted here is still so when the start is written.</summary>
    private static async Task<string?> FullAsync(LedgerSession session, GroupLimit group)
    {
        var open = new List<string>();
        foreach (var other in group.Others)
        {
            if (await session.FirstAsync(LedgerSql.OpenRotation, LedgerRows.Rotation, ("@secret", other)) is { } found)
            {
                open.Add(found.Record.Id);
            }
        }

        return open.Count >= group.Group.AtOnce ? open[0] : null;
    }

    private async Task SupersedeAsync(LedgerSession session, RotationRecord open, RotationPlan plan)
    {
        var why = $"Rotation '{plan.RotationId}' has taken over.";
        await SetStateAsync(session, open.Id, RotationState.Superseded, why, null);
        await AppendAsync(session, new AuditEntry(
            plan.RequestedBy, AuditActions.RotationTakenOver, open.Secret, open.Id, null,
            Json(new Dictionary<string, string> { ["by"] = plan.RotationId }, LedgerJson.Default.DictionaryStringString)));
    }

    private async Task AddAsync(LedgerSession session, RotationPlan plan, string? startKey)
    {
        var text = Json(plan, RotationJson.Default.RotationPlan);
        await session.RunAsync(LedgerSql.SetLastNumber, ("@name", plan.Secret), ("@number", plan.Number));
        await session.RunAsync(
            LedgerSql.AddRotation,
            ("@id", plan.RotationId), ("@secret", plan.Secret), ("@number", plan.Number), ("@state", LedgerWords.Of(RotationState.Planned)),
            ("@trigger", LedgerWords.Of(plan.Trigger)), ("@reason", plan.Reason), ("@by", plan.RequestedBy), ("@incident", plan.Incident),
            ("@plan", text), ("@key", startKey), ("@at", Now()), ("@kind", LedgerWords.KindOf(plan.Strategy)));
        await OpenReviewAsync(session, plan);
        var detail = new PlannedDetail(
            plan.Number,
            plan.Strategy.ToString(),
            LedgerWords.Of(plan.Trigger),
            plan.Reason,
            plan.Incident,
            plan.CatalogHash,
            HashOf(text));
        await AppendAsync(session, new AuditEntry(
            plan.RequestedBy,
            AuditActions.RotationPlanned,
            plan.Secret,
            plan.RotationId,
            null,
            Json(detail, LedgerJson.Default.PlannedDetail)));
    }

    private async Task RecordStateAsync(LedgerSession session, RecordInput input)
    {
        var rotation = await HeadAsync(session, input.RotationId);
        if (await session.ScalarAsync(LedgerSql.HasRecord, ("@id", input.RotationId), ("@sequence", input.Sequence)) is not null)
        {
            return;
        }

        await session.RunAsync(LedgerSql.AddRecord, ("@id", input.RotationId), ("@sequence", input.Sequence));
        // An end is final: a rotation that was taken over may still record how it stopped.
        if (!rotation.State.IsFinal())
        {
            await SetStateAsync(session, input.RotationId, input.State, input.Detail, input.Until);
        }

        var detail = new StateDetail(LedgerWords.Of(input.State), input.Sequence, input.Detail, input.Until);
        await AppendAsync(session, new AuditEntry(
            input.Actor, input.Action, rotation.Secret, input.RotationId, null, Json(detail, LedgerJson.Default.StateDetail)));
    }

    private async Task SetStateAsync(LedgerSession session, string id, RotationState state, string? detail, DateTimeOffset? until)
    {
        var now = Now();
        await session.RunAsync(
            LedgerSql.SetRotationState,
            ("@id", id), ("@state", LedgerWords.Of(state)), ("@detail", detail), ("@until", until is { } at ? LedgerWords.Of(at) : null),
            ("@ended", state.IsFinal() ? now : null), ("@at", now));
        if (state == RotationState.Succeeded)
        {
            await session.RunAsync(LedgerSql.ForgetDrift, ("@id", id));
        }
    }
}
