namespace Rotunda.Ledger;

/// <summary>The tables as an export has them, in an order in which nothing refers to what is not there yet.</summary>
internal static class LedgerTables
{
    public static IReadOnlyList<LedgerTable> All { get; } =
    [
        new("secrets", "name", "name", "salt", "last_number#", "adopted_at", "interval_seconds#", "policy", "drift",
            "renamed_to", "renew_before_seconds#"),
        new(
            "rotations",
            "created_at, id",
            "id",
            "secret",
            "number#",
            "state",
            "trigger_kind",
            "reason",
            "requested_by",
            "incident",
            "plan",
            "start_key",
            "old_credential#",
            "created_at",
            "promoted_at", "ended_at", "detail", "waits_until", "kind"),
        new(
            "credentials",
            "id",
            "id#",
            "secret",
            "rotation_id",
            "rotation_number#",
            "state",
            "provider_credential_id",
            "account",
            "label",
            "fingerprint",
            "store",
            "store_name",
            "store_version", "created_at", "revoked_at", "note", "expires_at", "disabled_at", "lease", "last_end",
            "discarded_at"),
        new("captures", "rotation_id, target", "rotation_id", "target", "store", "store_name", "store_version", "from_store#"),
        new(
            "codes", "hash", "hash", "kind", "rotation_id", "person", "created_by", "created_at", "expires_at", "used_at", "step_id",
            "plan_hash", "role"),
        new(
            "decisions", "rotation_id, number", "rotation_id", "number#", "step_id", "round#", "person", "actor", "verdict", "plan_hash",
            "comment", "at", "withdrawn_at"),
        new("reviews", "rotation_id", "rotation_id", "opened_at", "closed_at"),
        new("reviewers", "rotation_id, person", "rotation_id", "person", "actor", "comment", "at"),
        new("pauses", "id", "id#", "scope", "name", "until", "reason", "paused_by", "paused_at", "ended_at"),
        new(
            "campaigns", "number", "id", "number#", "kind", "selector", "reason", "requested_by", "incident", "revoke_first#", "at_once#",
            "per_provider#", "preview_hash", "start_key", "state", "created_at", "run#", "changed_by", "changed_at", "changed_why",
            "ended_at"),
        new(
            "campaign_members", "campaign_id, place", "campaign_id", "place#", "secret", "provider", "risk", "exposure#", "attempt#",
            "refusal"),
        new("campaign_notices", "campaign_id, run, action", "campaign_id", "run#", "action", "at"),
        new("records", "rotation_id, sequence", "rotation_id", "sequence#"),
        new("audit", "seq", "seq#", "at", "actor", "action", "secret", "rotation_id", "step_id", "detail", "previous_hash", "hash"),
    ];
}

/// <param name="Order">What its rows are sorted by.</param>
/// <param name="Marked">Its columns; those of numbers end in #.</param>
internal sealed record LedgerTable(string Name, string Order, params IReadOnlyList<string> Marked)
{
    public IReadOnlyList<string> Columns { get; } = [.. Marked.Select(column => column.TrimEnd('#'))];

    public string Select => $"SELECT {string.Join(", ", Columns)} FROM {Name} ORDER BY {Order}";

    /// <summary>How many of the last columns an export of the first version does not have.</summary>
    public int Added => Name switch
    {
        "secrets" or "codes" => 3,
        "credentials" => 5,
        "rotations" or "captures" => 1,
        _ => 0,
    };

    public bool IsNumber(int column) => Marked[column].EndsWith('#');

    /// <summary>Parameters are named by row and column: @0_0, @0_1, …</summary>
    public string Insert(int rows) =>
        $"INSERT INTO {Name} ({string.Join(", ", Columns)}) VALUES "
        + string.Join(
            ", ",
            Enumerable.Range(0, rows)
                .Select(row => $"({string.Join(", ", Enumerable.Range(0, Columns.Count).Select(column => Parameter(row, column)))})"));

    public static string Parameter(int row, int column) => $"@r{row}c{column}";
}
