namespace Rotunda.Postgres;

/// <summary>
/// Every statement that a message advises. Messages take them from here, and a test runs each of them where it is needed: what is
/// advised works. A role, a table or a column is given by its name, unquoted; a table with its schema, quoted.
/// </summary>
public static class AdvisedSql
{
    public static string CreateRole(string role) => $"CREATE ROLE {Name(role)} NOLOGIN;";

    public static string LetLogIn(string role) => $"ALTER ROLE {Name(role)} LOGIN;";

    public static string NeverExpire(string role) => $"ALTER ROLE {Name(role)} VALID UNTIL 'infinity';";

    public static string LetCreateRoles(string role) => $"ALTER ROLE {Name(role)} CREATEROLE;";

    /// <param name="attribute">As ALTER ROLE writes it.</param>
    public static string LetBe(string role, string attribute) => $"ALTER ROLE {Name(role)} {attribute};";

    public static string MakeMember(string role, string group) => $"GRANT {Name(group)} TO {Name(role)};";

    /// <summary>From PostgreSQL 16. What is null stays as it is, or becomes the server's default.</summary>
    public static string MakeMemberWith(string role, string group, bool? inherit = null, bool? set = null, bool? admin = null)
    {
        static string Option(string name, bool? value) => value is { } given ? $"{name} {(given ? "TRUE" : "FALSE")}" : "";
        var options = new[] { Option("INHERIT", inherit), Option("SET", set), Option("ADMIN", admin) }.Where(option => option.Length > 0);
        return $"GRANT {Name(group)} TO {Name(role)} WITH {string.Join(", ", options)};";
    }

    public static string LeaveGroup(string role, string group) => $"REVOKE {Name(group)} FROM {Name(role)};";

    /// <summary>Before PostgreSQL 16, where it decides for all groups of the role.</summary>
    public static string Inherit(string role) => $"ALTER ROLE {Name(role)} INHERIT;";

    public static string LetAdminister(string role, string administrator) =>
        $"GRANT {Name(role)} TO {Name(administrator)} WITH ADMIN OPTION;";

    /// <summary>Its sessions act as the owner from their start, so that what they make is the owner's.</summary>
    public static string ActAs(string role, string owner) => $"ALTER ROLE {Name(role)} SET role = {SqlText.Literal(owner)};";

    public static string LetEndSessions(string role) => $"GRANT pg_signal_backend TO {Name(role)};";

    /// <summary>From PostgreSQL 16: also if it is a member already, and may use the right only after SET ROLE.</summary>
    public static string LetEndSessionsAtOnce(string role) => MakeMemberWith(role, "pg_signal_backend", inherit: true);

    public static string LetSeeSessions(string role) => $"GRANT pg_read_all_stats TO {Name(role)};";

    public static string LetConnect(string role, string database) => $"GRANT CONNECT ON DATABASE {Name(database)} TO {Name(role)};";

    public static string LetUseSchema(string role, string schema) => $"GRANT USAGE ON SCHEMA {Name(schema)} TO {Name(role)};";

    public static string LetMakeTables(string role, string schema) => $"GRANT USAGE, CREATE ON SCHEMA {Name(schema)} TO {Name(role)};";

    public static string MakeSchema(string role, string schema) =>
        $"CREATE SCHEMA IF NOT EXISTS {Name(schema)} AUTHORIZATION {Name(role)};";

    /// <param name="schema">Null for all of them.</param>
    /// <param name="privileges">As they stand in SQL.</param>
    /// <param name="kind">TABLES, for example.</param>
    /// <param name="role">Empty for everybody.</param>
    public static string OpenWhatIsMade(string maker, string? schema, string privileges, string kind, string role) =>
        $"ALTER DEFAULT PRIVILEGES FOR ROLE {Name(maker)}{(schema is null ? "" : $" IN SCHEMA {Name(schema)}")} GRANT {privileges} "
            + $"ON {kind} TO {(role.Length == 0 ? "PUBLIC" : Name(role))};";

    public static string LetRead(string role, string table, IEnumerable<string> columns) =>
        $"GRANT SELECT ({Names(columns)}) ON {table} TO {Name(role)};";

    public static string LetReadAndUpdate(string role, string table, string column) =>
        $"GRANT SELECT ({Name(column)}), UPDATE ({Name(column)}) ON {table} TO {Name(role)};";

    public static string LetWork(string role, string table) => $"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {Name(role)};";

    /// <summary>Row-level security hides nothing from it.</summary>
    public static string LetSeeAllRows(string role) => $"ALTER ROLE {Name(role)} BYPASSRLS;";

    public static string RequireValue(string table, string column) => $"ALTER TABLE {table} ALTER COLUMN {Name(column)} SET NOT NULL;";

    /// <param name="isPartitioned">An index of a partitioned table cannot be made CONCURRENTLY: writers wait until it is made.</param>
    public static string MakeUnique(string table, IEnumerable<string> columns, bool isPartitioned) =>
        $"CREATE UNIQUE INDEX {(isPartitioned ? "" : "CONCURRENTLY ")}ON {table} ({Names(columns)});";

    /// <summary>What a publication sends of an update tells the row by its primary key.</summary>
    public static string IdentifyByPrimaryKey(string table) => $"ALTER TABLE {table} REPLICA IDENTITY DEFAULT;";

    /// <param name="index">Unique, over columns that are NOT NULL, without a condition; quoted, without its schema.</param>
    public static string IdentifyByIndex(string table, string index) => $"ALTER TABLE {table} REPLICA IDENTITY USING INDEX {index};";

    /// <summary>The whole old row is sent: right for any table, and more in the server's log.</summary>
    public static string IdentifyByWholeRow(string table) => $"ALTER TABLE {table} REPLICA IDENTITY FULL;";

    private static string Name(string name) => SqlText.Identifier(name);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Name));
}
