using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotunda.Testing.VendorFakes;

/// <summary>
/// The accounts of a <see cref="FakeMySql"/>, and the statements about them that rotation needs: each in the one form in which it is
/// sent. A user has two passwords at most, as in MySQL from 8.0.14 on
/// (dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords).
/// </summary>
/// <param name="keep">What is kept of a password, for a plugin.</param>
public sealed partial class FakeMySqlUsers(Func<string, string, string> keep)
{
    private const string Named = "`(?<user>(?:[^`]|``)+)`@`(?<host>(?:[^`]|``)+)`";
    private const string Text = "'(?<text>(?:[^']|'')*)'";
    private readonly Lock _lock = new();
    private readonly List<FakeMySqlAccount> _accounts = [];
    private readonly ConcurrentDictionary<int, FakeMySqlSession> _sessions = new();
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Version { get; set; } = "8.0.36";

    public bool IsReadOnly { get; set; }

    /// <summary>Whether another session has each lock that is asked for.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Global variables and status besides those that are told by the others, by name.</summary>
    public Dictionary<string, string> Variables { get; } = new() { ["log_bin"] = "ON" };

    /// <summary>Of the values that come, in the order of their coming: what the server's policy refuses.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Statements with this are done, and their answers lost. Null: none.</summary>
    public string? LoseAnswerOf { get; set; }

    /// <summary>Statements with this are refused, before anything is done. Null: none.</summary>
    public (string Statement, int Code)? RefuseOf { get; set; }

    /// <summary>Statements that have changed something, with values, in order.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    public FakeMySqlAccount this[string user] => Find(user, "%") ?? _accounts.First(account => account.User == user);

    [GeneratedRegex(
        $"^ALTER USER {Named} IDENTIFIED WITH `(?<plugin>[a-z0-9_]+)` (?:BY {Text}|AS 0x(?<kept>(?:[0-9A-F]{{2}})+))"
            + "(?<retain> RETAIN CURRENT PASSWORD)?(?: ACCOUNT (?<lock>LOCK|UNLOCK))?$",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SetPassword();

    [GeneratedRegex(
        $"^ALTER USER {Named} (?:(?<discard>DISCARD OLD PASSWORD)|ACCOUNT (?<lock>LOCK|UNLOCK))$",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Alter();

    [GeneratedRegex(
        $"^SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {Text}$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SelectDatabase();

    [GeneratedRegex($"^SHOW GRANTS FOR {Named}$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ShowGrants();

    [GeneratedRegex(
        "^SELECT u.User, u.Host, u.plugin, u.account_locked, (?<attributes>IFNULL\\(JSON_CONTAINS_PATH\\("
            + "u.User_attributes, 'one', '\\$.multi_factor_authentication'\\), 0\\)|0), u.ssl_type, u.ssl_cipher, u.x509_issuer, "
            + "u.x509_subject, u.max_questions, u.max_updates, u.max_connections, u.max_user_connections, "
            + "(?<roles>\\(SELECT GROUP_CONCAT\\(.+\\) FROM mysql.default_roles d WHERE d.USER = u.User AND d.HOST = u.Host\\)|'') "
            + $"AS default_role FROM mysql.user u WHERE u.User = {Text} ORDER BY u.Host$",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SelectAccounts();

    [GeneratedRegex(
        "^SELECT authentication_string, JSON_UNQUOTE\\(JSON_EXTRACT\\(User_attributes, '\\$.additional_password'\\)\\) FROM mysql.user "
            + $"WHERE User = {Text} AND Host = '(?<host>(?:[^']|'')*)'$",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SelectKept();

    [GeneratedRegex(
        $"^SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE USER = {Text} ORDER BY ID$",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SelectSessions();

    [GeneratedRegex("^SELECT GET_LOCK\\('rotunda-[0-9a-f]{32}', 5\\)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex GetLock();

    public FakeMySqlAccount Add(FakeMySqlAccount account, string password)
    {
        account.Known = _known;
        account.First = Keep(account.Plugin, password);
        lock (_lock)
        {
            _accounts.Add(account);
        }

        return account;
    }

    public void Remove(string user)
    {
        lock (_lock)
        {
            _accounts.RemoveAll(account => account.User == user);
        }
    }

    /// <summary>What is kept of a password; who shows it is let in from now on.</summary>
    public string Keep(string plugin, string password)
    {
        var kept = keep(plugin, password);
        _known[kept] = password;
        return kept;
    }

    /// <summary>From here, every host lets in.</summary>
    internal FakeMySqlAccount? AccountFor(string user)
    {
        lock (_lock)
        {
            return _accounts.Find(account => account.User == user);
        }
    }

    internal FakeMySqlSession Enter(int id, FakeMySqlAccount account) => _sessions[id] = new(id, account);

    internal void Leave(FakeMySqlSession session) => _sessions.TryRemove(session.Id, out _);

    internal FakeMySqlAnswer Run(FakeMySqlSession session, string statement)
    {
        lock (_lock)
        {
            return RefuseOf is { } refuse && statement.Contains(refuse.Statement, StringComparison.Ordinal)
                ? FakeMySqlAnswer.Error(refuse.Code, "HY000", "Refused by the test")
                : Read(session, statement.TrimEnd(';')) ?? Change(session, statement)
                    ?? throw new FakeVendorException($"A statement that this server does not know: {statement}");
        }
    }

    private FakeMySqlAnswer? Read(FakeMySqlSession session, string statement)
    {
        var me = $"{session.Account.User}@{session.Account.Host}";
        if (ShowGrants().Match(statement) is { Success: true } grants)
        {
            return !MayRead(session) ? Denied
                : Of(grants) is { } account ? FakeMySqlAnswer.Table("Grants", account.Grants
                    .Concat(account.Databases.Select(name => $"GRANT SELECT, INSERT ON `{name}`.* TO {{}}"))
                    .Select(line => Line(account, line)))
                : FakeMySqlAnswer.Error(1141, "42000", "There is no such grant defined");
        }

        if (SelectAccounts().Match(statement) is { Success: true } accounts)
        {
            return !MayRead(session) ? Denied
                : (accounts.Groups["attributes"].Value != "0" && !HasTwo) || (accounts.Groups["roles"].Value != "''" && IsOld)
                    ? FakeMySqlAnswer.Error(1054, "42S22", "Unknown column")
                : FakeMySqlAnswer.Table(
                    "User Host plugin account_locked factors ssl_type ssl_cipher x509_issuer x509_subject max_questions "
                        + "max_updates max_connections max_user_connections default_role",
                    _accounts.Where(account => account.User == Plain(accounts.Groups["text"].Value)).Select(account => new string?[]
                    {
                        account.User, account.Host, account.Plugin, account.IsLocked ? "Y" : "N", account.NeedsSecondFactor ? "1" : "0",
                        account.TlsType, "", "", "", "0", "0", "0", "0", null,
                    }));
        }

        if (SelectKept().Match(statement) is { Success: true } kept)
        {
            return !MayRead(session) ? Denied : FakeMySqlAnswer.Table(
                "authentication_string second",
                Find(Plain(kept.Groups["text"].Value), Plain(kept.Groups["host"].Value)) is { } account
                    ? [new[] { account.First, account.Second }] : []);
        }

        if (SelectSessions().Match(statement) is { Success: true } sessions)
        {
            return FakeMySqlAnswer.Table(
                "ID USER HOST",
                _sessions.Values.Where(one => one.Account.User == Plain(sessions.Groups["text"].Value) && !one.IsKilled)
                    .Select(one => new string?[] { one.Id.ToString(CultureInfo.InvariantCulture), one.Account.User, "127.0.0.1:5" }));
        }

        if (SelectDatabase().Match(statement) is { Success: true } database)
        {
            var name = Plain(database.Groups["text"].Value);
            return FakeMySqlAnswer.Table("SCHEMA_NAME", session.Account.Databases.Contains(name) ? [[name]] : []);
        }

        if (GetLock().IsMatch(statement))
        {
            return FakeMySqlAnswer.Table("held", [[IsHeld ? "0" : "1"]]);
        }

        return statement switch
        {
            "SET NAMES utf8mb4" => FakeMySqlAnswer.Ok,
            "SHOW WARNINGS" => FakeMySqlAnswer.Table("Level Code Message"),
            "SELECT CURRENT_USER()" => FakeMySqlAnswer.Table("user", [[me]]),
            "SELECT VERSION(), CURRENT_USER(), USER()" =>
                FakeMySqlAnswer.Table("version current user", [[Version, me, $"{session.Account.User}@127.0.0.1"]]),
            "SHOW GRANTS" => FakeMySqlAnswer.Table("Grants", session.Account.Grants.Select(line => Line(session.Account, line))),
            "SHOW SESSION STATUS WHERE Variable_name = 'Ssl_cipher'" => FakeMySqlAnswer.Table("Variable_name Value", [["Ssl_cipher", ""]]),
            "SHOW REPLICA STATUS" or "SHOW SLAVE STATUS" => FakeMySqlAnswer.Error(1227, "42000", "Access denied"),
            _ when statement.StartsWith("SHOW GLOBAL VARIABLES WHERE Variable_name IN (", StringComparison.Ordinal) =>
                FakeMySqlAnswer.Table("Variable_name Value", [["read_only", IsReadOnly ? "ON" : "OFF"], .. Told(statement)]),
            _ when statement.StartsWith("SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_", StringComparison.Ordinal) =>
                FakeMySqlAnswer.Table("Variable_name Value", Told(statement)),
            _ => null,
        };
    }

    private IEnumerable<string?[]> Told(string statement) => Variables
        .Where(one => statement.Contains($"'{one.Key}'", StringComparison.Ordinal))
        .Select(one => new string?[] { one.Key, one.Value });

    private FakeMySqlAnswer? Change(FakeMySqlSession session, string statement)
    {
        if (statement == "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', sql_quote_show_create = 1")
        {
            session.SqlMode = "NO_BACKSLASH_ESCAPES";
            return FakeMySqlAnswer.Ok;
        }

        if (statement.StartsWith("KILL CONNECTION ", StringComparison.Ordinal))
        {
            var id = int.Parse(statement["KILL CONNECTION ".Length..], CultureInfo.InvariantCulture);
            return _sessions.TryGetValue(id, out var killed) && (killed.IsKilled = true)
                ? FakeMySqlAnswer.Ok : FakeMySqlAnswer.Error(1094, "HY000", "Unknown thread id");
        }

        var (set, alter) = (SetPassword().Match(statement), Alter().Match(statement));
        if (!set.Success && !alter.Success)
        {
            return null;
        }

        if (session.SqlMode != "NO_BACKSLASH_ESCAPES")
        {
            throw new FakeVendorException("A text in a statement means something else in this session's sql_mode.");
        }

        if (!session.Account.Grants.Any(line => line.Contains("CREATE USER", StringComparison.Ordinal)))
        {
            return Denied;
        }

        if (Of(set.Success ? set : alter) is not { } account)
        {
            return FakeMySqlAnswer.Error(1396, "HY000", "Operation ALTER USER failed");
        }

        var refused = IsReadOnly ? FakeMySqlAnswer.Error(1290, "HY000", "read-only")
            : set.Success ? Set(account, set) : Alter(account, alter);
        if (refused is null)
        {
            Changes.Enqueue(statement);
        }

        return refused ?? FakeMySqlAnswer.Ok;
    }

    private FakeMySqlAnswer? Set(FakeMySqlAccount account, Match set)
    {
        var (plugin, retains, text) = (set.Groups["plugin"].Value, set.Groups["retain"].Success, Plain(set.Groups["text"].Value));
        if (retains && !HasTwo)
        {
            return FakeMySqlAnswer.Error(1064, "42000", "You have an error in your SQL syntax");
        }

        if (retains && (plugin != account.Plugin || account.First.Length == 0))
        {
            return FakeMySqlAnswer.Error(3894, "HY000", "Current password can not be retained");
        }

        if (set.Groups["text"].Success && Refuses(text))
        {
            return FakeMySqlAnswer.Error(1819, "HY000", "Your password does not satisfy the current policy requirements");
        }

        var first = set.Groups["text"].Success ? Keep(plugin, text)
            : Encoding.UTF8.GetString(Convert.FromHexString(set.Groups["kept"].Value));
        account.Second = retains ? account.First : plugin == account.Plugin ? account.Second : null;
        (account.First, account.Plugin) = (first, plugin);
        account.IsLocked = set.Groups["lock"].Success ? set.Groups["lock"].Value == "LOCK" : account.IsLocked;
        return null;
    }

    private FakeMySqlAnswer? Alter(FakeMySqlAccount account, Match alter)
    {
        if (!alter.Groups["discard"].Success)
        {
            account.IsLocked = alter.Groups["lock"].Value == "LOCK";
        }
        else if (!HasTwo)
        {
            return FakeMySqlAnswer.Error(1064, "42000", "You have an error in your SQL syntax");
        }

        account.Second = alter.Groups["discard"].Success ? null : account.Second;
        return null;
    }

    private static FakeMySqlAnswer Denied => FakeMySqlAnswer.Error(1142, "42000", "command denied");

    private bool IsOld => Version.StartsWith("5.", StringComparison.Ordinal);

    private bool HasTwo => !IsOld && System.Version.Parse(Version) >= new System.Version(8, 0, 14);

    private static bool MayRead(FakeMySqlSession session) =>
        session.Account.Grants.Any(line => line.Contains("SELECT ON `mysql`.*", StringComparison.Ordinal));

    private FakeMySqlAccount? Of(Match named) =>
        Find(named.Groups["user"].Value.Replace("``", "`"), named.Groups["host"].Value.Replace("``", "`"));

    private FakeMySqlAccount? Find(string user, string host) => _accounts.Find(account => account.User == user && account.Host == host);

    private static string Plain(string text) => text.Replace("''", "'");

    private string[] Line(FakeMySqlAccount account, string line) =>
        [line.Replace("{}", IsOld ? $"'{account.User}'@'{account.Host}'" : $"`{account.User}`@`{account.Host}`")];
}
