using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>Rows as the columns of <see cref="LedgerSql"/> give them.</summary>
internal static class LedgerRows
{
    public static SecretRecord Secret(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), LedgerWords.Time(row.GetString(3)),
        Time(row, 4), row.Text(5), row.GetInt32(6), Time(row, 7))
    {
        Drift = row.Text(9) is { } drift ? JsonSerializer.Deserialize(drift, LedgerJson.Default.DriftReport) : null,
        HasPolicy = Convert.ToBoolean(row.GetValue(10), CultureInfo.InvariantCulture),
        RenamedTo = row.Text(11),
        LastFailedId = row.Text(13),
        DueAgainAt = Time(row, 12),
        EndsAt = Time(row, 14),
        EndsFrom = Time(row, 15),
        ReviewOf = row.Text(16),
        SucceededAt = Time(row, 17),
        SucceededFrom = Time(row, 18),
        Interval = Seconds(row, 8),
        RenewBefore = Seconds(row, 19),
        Lease = Lease(row, 21),
    };

    /// <summary>The number of its last change, in a row of <see cref="Secret"/>.</summary>
    public static long ChangeOf(DbDataReader row) => row.GetInt64(20);

    private static TimeSpan? Seconds(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : TimeSpan.FromSeconds(row.GetInt64(column));

    public static DecisionRecord Decision(DbDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetString(7), row.Text(8), LedgerWords.Time(row.GetString(9)), Time(row, 10));

    public static CodeRecord Code(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetString(4), LedgerWords.Time(row.GetString(5)),
        LedgerWords.Time(row.GetString(6)))
    {
        UsedAt = Time(row, 7),
        StepId = row.Text(8),
        PlanHash = row.Text(9),
        Role = row.Text(10),
    };

    public static RotationRow Rotation(DbDataReader row) => Rotation(row, keep: true);

    /// <summary>One of very many.</summary>
    public static RotationRow ListedRotation(DbDataReader row) => Rotation(row, keep: false);

    public static RotationHead Head(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt32(2), LedgerWords.State(row.GetString(3)), row.GetInt32(4));

    private static RotationRow Rotation(DbDataReader row, bool keep) => new(
        new RotationRecord(
            row.GetString(0), row.GetString(1), row.GetInt32(2), LedgerWords.State(row.GetString(3)), LedgerWords.Trigger(row.GetString(4)),
            row.GetString(5),
            row.GetString(6),
            row.Text(7),
            KnownPlans.Of(row.GetString(0), row.GetString(8), keep),
            LedgerWords.Time(row.GetString(9)), Time(row, 10), row.Text(11), Time(row, 12))
        {
            PromotedAt = Time(row, 15),
        },
        row.IsDBNull(13) ? null : row.GetInt64(13),
        row.GetInt32(14));

    public static CredentialRecord Credential(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt32(2), LedgerWords.Credential(row.GetString(3)), row.Text(4), row.Text(5), row.Text(6),
        row.Text(7), Value(row, 8), LedgerWords.Time(row.GetString(11)), Time(row, 12), row.Text(13))
    {
        ExpiresAt = Time(row, 14),
        DisabledAt = Time(row, 15),
        DiscardedAt = Time(row, 16),
        Lease = Lease(row, 17),
    };

    public static CaptureRecord Capture(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), Value(row, 2), !row.IsDBNull(5) && row.GetInt64(5) == 1);

    public static AuditRow Audit(DbDataReader row) => Audit(row, out _);

    public static AuditRow Audit(DbDataReader row, out string at)
    {
        at = row.GetString(1);
        return new AuditRow(
            row.GetInt64(0),
            LedgerWords.TryTime(at) ?? default,
            row.GetString(2),
            row.GetString(3),
            row.Text(4),
            row.Text(5),
            row.Text(6),
            row.Text(7),
            row.GetString(8), row.GetString(9));
    }

    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(DbDataReader row, int column) => row.Text(column) is { } text ? LedgerWords.Time(text) : null;

    private static LeaseState? Lease(DbDataReader row, int column) =>
        row.Text(column) is { } text ? JsonSerializer.Deserialize(text, LedgerJson.Default.LeaseState) : null;

    private static SecretRef? Value(DbDataReader row, int column) =>
        row.Text(column) is { } store ? new SecretRef(store, row.GetString(column + 1), row.GetString(column + 2)) : null;
}

/// <param name="OldCredential">The credential that was active at its start.</param>
/// <param name="SecretsLastNumber">The number of the secret's newest rotation: the fence.</param>
internal sealed record RotationRow(RotationRecord Record, long? OldCredential, int SecretsLastNumber);

/// <summary>What the fence asks of a rotation, without its plan.</summary>
/// <param name="SecretsLastNumber">The number of the secret's newest rotation.</param>
internal sealed record RotationHead(string Id, string Secret, int Number, RotationState State, int SecretsLastNumber)
{
    /// <exception cref="FencedException">It is not its secret's newest, or has ended.</exception>
    public void PassFence()
    {
        if (Number != SecretsLastNumber)
        {
            throw new FencedException(Id, $"rotation number {SecretsLastNumber} of '{Secret}' has taken over.");
        }

        if (State.IsFinal())
        {
            throw new FencedException(Id, $"it has ended ({LedgerWords.Of(State)}).");
        }
    }
}
