using Rotunda.Ledger;

namespace Rotunda.Api.Http;

/// <summary>
/// Puts refused requests on record: who, which route, why; never what was sent. Anonymous ones are counted beyond a rate,
/// so that a stranger cannot fill the disk.
/// </summary>
public sealed class RefusalAudit(ILedger ledger, TimeProvider time)
{
    private const int AnonymousPerMinute = 30;
    private readonly Lock _gate = new();
    private DateTimeOffset _minute;
    private int _inMinute;
    private int _unwritten;

    public async Task WriteAsync(
        string? subject,
        string route,
        string? secret,
        string? rotationId,
        int status,
        string code,
        CancellationToken cancellationToken)
    {
        var more = "";
        if (subject is null)
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                if (now - _minute >= TimeSpan.FromMinutes(1))
                {
                    (_minute, _inMinute) = (now, 0);
                }

                if (++_inMinute > AnonymousPerMinute)
                {
                    _unwritten++;
                    return;
                }

                more = _unwritten > 0 ? $" ({_unwritten} more before this one were not written singly)" : "";
                _unwritten = 0;
            }
        }

        await ledger.AuditAsync(
            new AuditEntry(subject ?? "anonymous", "request.refused", secret, rotationId, null, $"{route}: {status} {code}{more}"),
            cancellationToken);
    }
}
