namespace Rotunda.Ledger.Postgres;

/// <summary>The rights that the running heads need, and no more: rows are added and read, and few columns changed; nothing is
/// ever deleted.</summary>
internal static class PostgresRights
{
    private static readonly (string Table, string Right)[] s_needed =
    [
        ("secrets", "INSERT"), ("secrets", "UPDATE"), ("rotations", "INSERT"), ("rotations", "UPDATE"), ("credentials", "INSERT"),
        ("credentials", "UPDATE"),
        ("captures", "INSERT"), ("records", "INSERT"), ("audit", "INSERT"), ("meta", "INSERT"), ("meta", "UPDATE"),
        ("secrets", "SELECT"), ("rotations", "SELECT"), ("credentials", "SELECT"), ("captures", "SELECT"), ("records", "SELECT"),
        ("audit", "SELECT"), ("meta", "SELECT"),
        ("codes", "INSERT"), ("codes", "UPDATE"), ("codes", "SELECT"),
        ("decisions", "INSERT"), ("decisions", "UPDATE"), ("decisions", "SELECT"),
        ("reviews", "INSERT"), ("reviews", "UPDATE"), ("reviews", "SELECT"), ("reviewers", "INSERT"), ("reviewers", "SELECT"),
        ("pauses", "INSERT"), ("pauses", "UPDATE"), ("pauses", "SELECT"),
        ("campaigns", "INSERT"), ("campaigns", "UPDATE"), ("campaigns", "SELECT"),
        ("campaign_members", "INSERT"), ("campaign_members", "UPDATE"), ("campaign_members", "SELECT"),
        ("campaign_notices", "INSERT"), ("campaign_notices", "SELECT"),
        ("secret_rotation_log", "SELECT"),
    ];

    /// <param name="schema">As it stands in SQL.</param>
    /// <param name="role">As it stands in SQL.</param>
    public static string GrantTo(string schema, string role) =>
        $"GRANT USAGE ON SCHEMA {schema} TO {role}; "
        + $"REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM {role}; "
        + string.Concat(s_needed.Select(needed => $"GRANT {needed.Right} ON {needed.Table} TO {role}; "));

    /// <summary>The heads' logins: those that may write into the audit. A new table is granted to them as it is made.</summary>
    public static Task<List<string>> HeadsAsync(LedgerSession session, string schema) => session.ListAsync(
        """
        SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_schema = @schema AND table_name = 'audit' AND privilege_type = 'INSERT' AND grantee NOT IN (current_user, 'PUBLIC')
        ORDER BY grantee
        """,
        row => row.GetString(0),
        ("@schema", schema));

    /// <summary>What the login lacks, as "INSERT on audit".</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(LedgerSession session)
    {
        var missing = new List<string>();
        foreach (var (table, right) in s_needed)
        {
            if (await session.ScalarAsync("SELECT has_table_privilege(@table, @right)", ("@table", table), ("@right", right)) is not true)
            {
                missing.Add($"{right} on {table}");
            }
        }

        return missing;
    }

    /// <summary>True if the login could change the audit's rows: it owns the table (then the trigger still refuses), or was
    /// granted it.</summary>
    public static async Task<bool> MayChangeAuditAsync(LedgerSession session) =>
        await session.ScalarAsync("SELECT has_table_privilege('audit', 'UPDATE') OR has_table_privilege('audit', 'DELETE')") is true;
}
