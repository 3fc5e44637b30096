namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The server as it tells about itself, and who Rotunda is there.</summary>
/// <param name="Version">Of MariaDB or of MySQL.</param>
/// <param name="Me">The account that Rotunda was let in by: USER@HOST.</param>
/// <param name="From">The host that the server sees it come from.</param>
/// <param name="Variables">Those that decide whether, and how, a password may be set; lower-case names.</param>
/// <param name="IsEncrypted">This connection is.</param>
/// <param name="Checkers">Plugins of MariaDB that check passwords, and have to see them for that.</param>
internal sealed record MySqlServer(
    bool IsMariaDb,
    Version Version,
    string Me,
    string From,
    IReadOnlyDictionary<string, string> Variables,
    bool IsEncrypted,
    MySqlRights Rights,
    IReadOnlyList<string> Checkers)
{
    private static readonly Version Dual = new(8, 0, 14);
    private static readonly Version OldestMariaDb = new(10, 5);
    private static readonly Version OldestMySql = new(5, 7, 6);

    /// <summary>For people.</summary>
    public string Name => $"{(IsMariaDb ? "MariaDB" : "MySQL")} {Version}";

    public bool IsTooOld => Version < (IsMariaDb ? OldestMariaDb : OldestMySql);

    /// <summary>A user may have two passwords.</summary>
    public bool HasDualPasswords => !IsMariaDb && Version >= Dual;

    /// <summary>mysql.user has User_attributes.</summary>
    public bool HasAttributes => HasDualPasswords;

    public bool HasRoles => IsMariaDb || Version.Major >= 8;

    /// <summary>The password itself stands in the statement, and not its hash.</summary>
    public bool IsToldPasswords => !IsMariaDb || Checkers.Count > 0;

    public bool IsReadOnly => Value("read_only") is not ("" or "OFF" or "0") || IsOn("super_read_only");

    public bool IsOn(string variable) => Value(variable) is "ON" or "1";

    public string Value(string variable) => Variables.GetValueOrDefault(variable, "");

    /// <summary>Of what VERSION() says, such as 10.11.6-MariaDB-log or 8.0.36-28.</summary>
    public static Version ReadVersion(string text)
    {
        var numbers = text.Split('-', '+', '~', ' ')[0].Split('.');
        return new(
            numbers.Length > 0 && int.TryParse(numbers[0], out var major) ? major : 0,
            numbers.Length > 1 && int.TryParse(numbers[1], out var minor) ? minor : 0,
            numbers.Length > 2 && int.TryParse(numbers[2], out var patch) ? patch : 0);
    }
}
