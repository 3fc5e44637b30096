namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Names and texts in statements. Sessions of Rotunda have sql_mode NO_BACKSLASH_ESCAPES and nothing else, whatever the
/// server's own is, so that a quote is the only character that needs care.</summary>
internal static class MySqlText
{
    /// <summary>In backticks, which mean the same in every sql_mode.</summary>
    public static string Name(string name) => $"`{name.Replace("`", "``")}`";

    public static string Account(string user, string host) => $"{Name(user)}@{Name(host)}";

    /// <summary>Right in a session of Rotunda alone.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>Whether a user of MySQL or MariaDB may be called so. Not with control characters, which nobody could read in a
    /// message.</summary>
    public static bool IsUser(string name) =>
        name is { Length: > 0 and <= 80 } && name == name.Trim() && !name.Any(char.IsControl);

    /// <summary>A name, an address, a network or a pattern with <c>%</c> and <c>_</c>.</summary>
    public static bool IsHost(string host) =>
        host is { Length: > 0 and <= 255 } && host.All(c => char.IsAsciiLetterOrDigit(c) || ".-_%:/".Contains(c, StringComparison.Ordinal));
}
