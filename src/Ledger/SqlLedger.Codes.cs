namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task AddCodeAsync(CodeRecord code, CancellationToken cancellationToken) =>
        WriteAsync(session => AddCodeAsync(session, code), cancellationToken);

    public Task ReplaceCodeAsync(CodeRecord code, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await EndCodesAsync(session, code.RotationId, code.Kind, code.Person!, code.CreatedBy);
                await AddCodeAsync(session, code);
            },
            cancellationToken);

    public Task EndCodesAsync(string rotationId, string person, string createdBy, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await EndCodesAsync(session, rotationId, CodeKinds.Decide, person, createdBy);
                await EndCodesAsync(session, rotationId, CodeKinds.Provide, person, createdBy);
            },
            cancellationToken);

    public Task<CodeRecord?> GetCodeAsync(string hash, CancellationToken cancellationToken) =>
        ReadAsync(session => session.FirstAsync(LedgerSql.GetCode, LedgerRows.Code, ("@hash", hash)), cancellationToken);

    public Task<bool> UseCodeAsync(string hash, string actor, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if (await session.RunAsync(LedgerSql.UseCode, ("@hash", hash), ("@at", Now())) == 0)
                {
                    return false;
                }

                var code = (await session.FirstAsync(LedgerSql.GetCode, LedgerRows.Code, ("@hash", hash)))!;
                var rotation = (await RotationAsync(session, code.RotationId)).Record;
                await AppendAsync(
                    session, new AuditEntry(actor, AuditActions.CodeUsed, rotation.Secret, rotation.Id, null, code.Kind));
                return true;
            },
            cancellationToken);

    private async Task AddCodeAsync(LedgerSession session, CodeRecord code)
    {
        var rotation = (await RotationAsync(session, code.RotationId)).Record;
        await session.RunAsync(
            LedgerSql.AddCode,
            ("@hash", code.Hash), ("@kind", code.Kind), ("@rotation", code.RotationId), ("@person", code.Person),
            ("@by", code.CreatedBy), ("@at", LedgerWords.Of(code.CreatedAt)), ("@expires", LedgerWords.Of(code.ExpiresAt)),
            ("@step", code.StepId), ("@plan", code.PlanHash), ("@role", code.Role));
        await AppendAsync(session, new AuditEntry(
            code.CreatedBy, AuditActions.CodeMade, rotation.Secret, rotation.Id, null,
            $"{code.Kind}, until {LedgerWords.Of(code.ExpiresAt)}{(code.Person is { } person ? $", for {person}" : "")}"));
    }

    private Task EndCodesAsync(LedgerSession session, string rotationId, string kind, string person, string createdBy) =>
        session.RunAsync(
            LedgerSql.EndCodesOf,
            ("@id", rotationId), ("@kind", kind), ("@person", person), ("@by", createdBy), ("@at", Now()));
}
