using Rotunda.Ledger;
using Rotunda.Interpreter;

namespace Rotunda.Access;

/// <summary>
/// Puts refused requests on record: who, which route, why; never what was sent. Beyond a rate they are counted, for each person
/// and for all strangers together, so that nobody can fill the disk.
/// </summary>
public sealed class RefusalAudit(ILedger ledger, TimeProvider time)
{
    private const int PerMinute = 30;
    private const string Anonymous = "anonymous";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="subject">Null for a stranger.</param>
    public async Task WriteAsync(
        string? subject,
        string route,
        string? secret,
        string? rotationId,
        int status,
        string code,
        CancellationToken cancellationToken)
    {
        if (Written(Actors.PersonOf(subject ?? Anonymous)) is not { } more)
        {
            return;
        }

        await ledger.AuditAsync(
            new AuditEntry(subject ?? Anonymous, "request.refused", secret, rotationId, null, $"{route}: {status} {code}{more}"),
            cancellationToken);
    }

    /// <summary>Null if this one is only counted; else what to add about those that were.</summary>
    private string? Written(string person)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_counts.TryGetValue(person, out var count))
            {
                Forget(now);
                count = _counts[person] = new Count { Minute = now };
            }

            if (now - count.Minute >= TimeSpan.FromMinutes(1))
            {
                (count.Minute, count.InMinute) = (now, 0);
            }

            if (++count.InMinute > PerMinute)
            {
                count.Unwritten++;
                return null;
            }

            var more = count.Unwritten > 0 ? $" ({count.Unwritten} more before this one were not written singly)" : "";
            count.Unwritten = 0;
            return more;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (person, _) in _counts.Where(one => one.Value.Unwritten == 0 && now - one.Value.Minute >= TimeSpan.FromMinutes(1)))
        {
            _counts.Remove(person);
        }
    }

    private sealed class Count
    {
        public DateTimeOffset Minute { get; set; }

        public int InMinute { get; set; }

        public int Unwritten { get; set; }
    }
}
