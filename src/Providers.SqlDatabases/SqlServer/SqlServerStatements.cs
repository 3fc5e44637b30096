using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Every statement that changes something here, and those that messages advise. Names are given unquoted.</summary>
internal static class SqlServerStatements
{
    /// <summary>MUST_CHANGE is never said: an application cannot change its password as it logs in.</summary>
    /// <param name="unlock">Too many failed logins have locked it out.</param>
    public static string SetPassword(string login, SecretValue password, bool unlock) =>
        $"ALTER LOGIN {Name(login)} WITH PASSWORD = {Text(password.RevealText())}{(unlock ? " UNLOCK" : "")};";

    public static string SetUserPassword(string user, SecretValue password) =>
        $"ALTER USER {Name(user)} WITH PASSWORD = {Text(password.RevealText())};";

    public static string Enable(string login) => $"ALTER LOGIN {Name(login)} ENABLE;";

    public static string Disable(string login) => $"ALTER LOGIN {Name(login)} DISABLE;";

    /// <summary>The session's number may belong to somebody else by now, so it is looked at once more.</summary>
    /// <param name="user">Of a database that holds it; null for a login.</param>
    /// <param name="sid">Its own, as hexadecimal digits behind 0x.</param>
    public static string Kill(int session, string? user, string sid)
    {
        var number = session.ToString(CultureInfo.InvariantCulture);
        var isTheirs = user is null ? $"s.original_security_id = {sid}" : SqlServerQueries.IsOfUser
            .Replace("CONVERT(varbinary(85), @sid, 1)", sid, StringComparison.Ordinal)
            .Replace("@name", Text(user), StringComparison.Ordinal);
        return $"IF EXISTS (SELECT * FROM sys.dm_exec_sessions s WHERE s.session_id = {number} AND {isTheirs}) KILL {number};";
    }

    public static string CreateLogin(string login, string? sid = null) =>
        $"CREATE LOGIN {Name(login)} WITH PASSWORD = N'…'{(sid is null ? "" : $", SID = {sid}")};";

    public static string CreateUser(string user) => $"CREATE USER {Name(user)} WITH PASSWORD = N'…';";

    public static string MapUser(string database, string login) =>
        $"USE {Name(database)}; CREATE USER {Name(login)} FOR LOGIN {Name(login)};";

    public static string Adopt(string database, string user, string login) =>
        $"USE {Name(database)}; ALTER USER {Name(user)} WITH LOGIN = {Name(login)};";

    public static string DefaultDatabase(string login, string database) =>
        $"ALTER LOGIN {Name(login)} WITH DEFAULT_DATABASE = {Name(database)};";

    public static string DefaultLanguage(string login, string language) =>
        $"ALTER LOGIN {Name(login)} WITH DEFAULT_LANGUAGE = {Name(language)};";

    public static string DefaultSchema(string user, string schema) => $"ALTER USER {Name(user)} WITH DEFAULT_SCHEMA = {Name(schema)};";

    public static string AddMember(string role, string account, bool onServer) =>
        $"ALTER {(onServer ? "SERVER " : "")}ROLE {Name(role)} ADD MEMBER {Name(account)};";

    /// <param name="state">GRANT, DENY or GRANT_WITH_GRANT_OPTION.</param>
    /// <param name="target">As it stands behind ON; empty for the server or the database itself.</param>
    public static string Give(string state, string permission, string target, string account) =>
        $"{(state == "DENY" ? "DENY" : "GRANT")} {permission}{(target.Length > 0 ? $" ON {target}" : "")} TO {Name(account)}"
            + $"{(state == "GRANT_WITH_GRANT_OPTION" ? " WITH GRANT OPTION" : "")};";

    public static string GrantServer(string permission, string login) => $"GRANT {permission} TO {Name(login)};";

    public static string Name(string name) => $"[{name.Replace("]", "]]")}]";

    public static string Text(string text) => $"N'{text.Replace("'", "''")}'";
}
