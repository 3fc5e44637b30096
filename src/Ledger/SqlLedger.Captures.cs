namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<CaptureRecord?> GetCaptureAsync(string rotationId, string target, CancellationToken cancellationToken) =>
        ReadAsync(
            session => session.FirstAsync(LedgerSql.GetCapture, LedgerRows.Capture, ("@rotation", rotationId), ("@target", target)),
            cancellationToken);

    public Task RecordCaptureAsync(CaptureRecord capture, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var rotation = (await RotationAsync(session, capture.RotationId)).Record;
                if (await session.FirstAsync(
                    LedgerSql.GetCapture,
                    LedgerRows.Capture,
                    ("@rotation", capture.RotationId),
                    ("@target", capture.Target)) is not null)
                {
                    return;
                }

                await session.RunAsync(
                    LedgerSql.AddCapture,
                    ("@rotation", capture.RotationId), ("@target", capture.Target), ("@store", capture.Value?.Store),
                    ("@storeName", capture.Value?.Name), ("@storeVersion", capture.Value?.Version),
                    ("@fromStore", capture.FromStore ? 1 : 0));
                var detail =
                    new Dictionary<string, string> { ["target"] = capture.Target, ["value"] = capture.Value?.ToString() ?? "nothing" };
                await AppendAsync(session, new AuditEntry(
                    AuditActions.System,
                    AuditActions.TargetCaptured,
                    rotation.Secret,
                    rotation.Id,
                    null,
                    Json(detail, LedgerJson.Default.DictionaryStringString)));
            },
            cancellationToken);

    public Task<bool> HasDeliveredAsync(string secret, string target, int beforeNumber, CancellationToken cancellationToken) =>
        ReadAsync(
            async session => await session.ScalarAsync(
                LedgerSql.HasDelivered,
                ("@secret", secret),
                ("@target", target),
                ("@number", beforeNumber)) is not null,
            cancellationToken);

    public Task<IReadOnlyList<CaptureRecord>> ListCapturesAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CaptureRecord>>(
            async session => await session.ListAsync(LedgerSql.ListCaptures, LedgerRows.Capture, ("@rotation", rotationId)),
            cancellationToken);
}
