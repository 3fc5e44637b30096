namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Every statement that a message advises for MySQL and MariaDB. Messages take them from here, and a test runs each of them
/// where it is needed: what is advised works. They mean the same in every sql_mode.</summary>
internal static class MySqlAdvisedSql
{
    /// <param name="me">USER@HOST, as CURRENT_USER() tells it.</param>
    public static string LetAlterUsers(string me) => $"GRANT CREATE USER ON *.* TO {Grantee(me)};";

    public static string LetReadAccounts(string me) => $"GRANT SELECT ON mysql.* TO {Grantee(me)};";

    public static string LetSeeSessions(string me) => $"GRANT PROCESS ON *.* TO {Grantee(me)};";

    public static string LetEndSessions(string me, bool mariaDb) =>
        $"GRANT {(mariaDb ? "CONNECTION ADMIN" : "CONNECTION_ADMIN")} ON *.* TO {Grantee(me)};";

    public static string LetAlterSystemUsers(string me) => $"GRANT SYSTEM_USER ON *.* TO {Grantee(me)};";

    public static string Lock(MySqlAccount account) => $"ALTER USER {MySqlText.Account(account.User, account.Host)} ACCOUNT LOCK;";

    public static string Unlock(MySqlAccount account) => $"ALTER USER {MySqlText.Account(account.User, account.Host)} ACCOUNT UNLOCK;";

    public static string DiscardSecond(MySqlAccount account) =>
        $"ALTER USER {MySqlText.Account(account.User, account.Host)} DISCARD OLD PASSWORD;";

    public static string Drop(string user, string host) => $"DROP USER {MySqlText.Account(user, host)};";

    private static string Grantee(string me) =>
        me.LastIndexOf('@') is >= 0 and var at ? MySqlText.Account(me[..at], me[(at + 1)..]) : MySqlText.Name(me);
}
