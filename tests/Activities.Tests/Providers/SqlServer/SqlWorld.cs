using System.Globalization;
using System.Text.RegularExpressions;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.SqlServer;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>One instance as a stand-in knows it: logins, databases, users, rights, and the statements that are about them, to the
/// letter.</summary>
internal sealed partial class SqlWorld(string name) : IFakeSqlWorld
{
    private readonly Lock _lock = new();

    public string Name { get; } = name;

    /// <summary>3: SQL Server; 5: Azure SQL Database.</summary>
    public int Edition { get; set; } = 3;

    public string Version { get; set; } = "16.0.4000.0";

    public bool HasGroups { get; set; }

    public Dictionary<string, SqlWorldLogin> Logins { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SqlWorldDatabase> Databases { get; } = new(StringComparer.Ordinal)
    {
        ["master"] = new("master"),
        ["msdb"] = new("msdb"),
    };

    /// <summary>What a password policy says of a new one: an error, or null.</summary>
    public Func<string, int?> Policy { get; set; } = _ => null;

    /// <summary>Whether it refuses passwords that were there before (15115).</summary>
    public bool Remembers { get; set; }

    /// <summary>The beginning of statements that are done, and whose answer is lost.</summary>
    public string? LoseAnswerOf { get; set; }

    /// <summary>The beginning of statements that are refused, with what.</summary>
    public (string Beginning, int Number, byte Severity)? Refuse { get; set; }

    /// <summary>What every login answers.</summary>
    public int? RefuseLogins { get; set; }

    public List<string> Changes { get; } = [];

    public FakeSqlServer Server { get; set; } = null!;

    /// <summary>The statements that were run, without those that only ask.</summary>
    public IReadOnlyList<string> ChangesSoFar()
    {
        lock (_lock)
        {
            return [.. Changes];
        }
    }

    public FakeSqlLogin LogIn(string login, string password, string? database)
    {
        lock (_lock)
        {
            if (RefuseLogins is { } number)
            {
                return FakeSqlLogin.Refused(number);
            }

            if (database is not null && Databases.GetValueOrDefault(database)?.Named(login) is { Password: { } own })
            {
                return own == password ? FakeSqlLogin.To(database) : FakeSqlLogin.Refused(18456);
            }

            return Logins.GetValueOrDefault(login) is { } found ? LogIn(found, password, database) : FakeSqlLogin.Refused(18456);
        }
    }

    public FakeSqlAnswer Run(FakeSqlSession session, string text, IReadOnlyDictionary<string, string> parameters)
    {
        lock (_lock)
        {
            if (Refuse is { } refuse && text.StartsWith(refuse.Beginning, StringComparison.Ordinal))
            {
                return FakeSqlAnswer.Refused(refuse.Number, refuse.Severity);
            }

            var answer = Asked(session, text, parameters) ?? Changed(session, text);
            return LoseAnswerOf is { } beginning && text.StartsWith(beginning, StringComparison.Ordinal)
                ? answer with { IsLost = true }
                : answer;
        }
    }

    private FakeSqlLogin LogIn(SqlWorldLogin login, string password, string? asked)
    {
        if (login.IsLocked)
        {
            return FakeSqlLogin.Refused(18486);
        }

        if (login.Password != password)
        {
            return FakeSqlLogin.Refused(18456);
        }

        if (login.IsDisabled || login.Refusal is not null)
        {
            return FakeSqlLogin.Refused(login.Refusal ?? 18470);
        }

        var database = asked ?? login.Database;
        return MayEnter(login, database) ? FakeSqlLogin.To(database) : FakeSqlLogin.Refused(asked is null ? 4064 : 4060, 18456);
    }

    /// <summary>Everybody is a guest in two of them.</summary>
    private bool MayEnter(SqlWorldLogin login, string database) =>
        Databases.TryGetValue(database, out var found)
        && (database is "master" or "msdb" || login.May("CONNECT ANY DATABASE") || found.OwnerSid == login.Sid
            || found.Of(login.Sid)?.May("CONNECT") == true);

    private FakeSqlAnswer? Asked(FakeSqlSession session, string text, IReadOnlyDictionary<string, string> parameters)
    {
        var login = Logins.GetValueOrDefault(session.Login);
        var here = Databases[session.Database];
        var user = here.Named(session.Login);
        return text switch
        {
            SqlTexts.Self => FakeSqlAnswer.Of([session.Login, session.Database]),
            SqlTexts.Server when login is not null => FakeSqlAnswer.Of(
            [
                Edition, Name, Version, HasGroups ? 1 : 0, One(login.May("ALTER ANY LOGIN")), One(login.May("VIEW ANY DEFINITION")),
                One(login.May("CONTROL SERVER")), One(login.May("ALTER ANY CONNECTION")), One(SeesSessions(session)),
            ]),
            SqlTexts.Home => FakeSqlAnswer.Of(
            [
                Edition, session.Database, One(here.IsReadOnly), One(user?.May("ALTER ANY USER")), One(user?.May("VIEW DEFINITION")),
                One(user?.May("KILL DATABASE CONNECTION")), One(user?.May("VIEW DATABASE STATE")),
                Edition == 5 ? null : One(login?.May("ALTER ANY CONNECTION")), Edition == 5 ? 0 : One(login?.May("VIEW SERVER STATE")),
            ]),
            SqlTexts.Logins => FakeSqlAnswer.Of([.. Two(parameters).Where(one => SeesOthers(login!) || one == login)
                .Select(one => (object?[])
                [
                    one.Name, one.Sid, One(one.IsDisabled), one.Database, one.Language, One(one.Expires), one.Expires ? 12 : -1,
                    One(one.IsLocked),
                ])]),
            SqlTexts.ServerRights => FakeSqlAnswer.Of([.. Logins[parameters["@name"]].Rights.Select(right => (object?[])right)]),
            SqlTexts.Databases => FakeSqlAnswer.Of([.. Databases.Values.OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one => (object?[])
                [
                    one.Name, One(MayEnter(login!, one.Name)),
                    one.OwnerSid == parameters["@first"] ? 1 : one.OwnerSid == parameters["@second"] ? 2 : 0,
                ])]),
            SqlTexts.Users => FakeSqlAnswer.Of([.. here.Users
                .Where(one => login is null ? SeesOthers(user!) || one == user : SeesOthers(login))
                .Where(one => parameters.Values.Contains(one.Sid) || parameters["@first"] == one.Name || parameters["@second"] == one.Name)
                .Select(one => (object?[])[one.Name, one.Sid, one.Schema, one.Authentication])]),
            SqlTexts.Rights => FakeSqlAnswer.Of([.. here.Named(parameters["@name"])!.Rights.Select(right => (object?[])right)]),
            SqlTexts.Replicas when Version[..2] != "16" => Groups(),
            SqlTexts.ReplicasSince2022 when Version[..2] == "16" => Groups(),
            SqlTexts.LoginSessions => SessionsOf(session, one => Of(one) == (parameters["@sid"], "")),
            SqlTexts.UserSessions => SessionsOf(session, one => Of(one) == (parameters["@sid"], session.Database)),
            _ => null,
        };
    }

    private FakeSqlAnswer SessionsOf(FakeSqlSession session, Func<FakeSqlSession, bool> isTheirs) =>
        FakeSqlAnswer.Of([.. Server.Sessions.Where(one => SeesSessions(session) || one.Id == session.Id).Where(isTheirs)
            .Select(one => (object?[])[one.Id, one.Program, one.Host, 7])]);

    /// <summary>The SID by which a session came in, and the database that let it in; empty for a login.</summary>
    private (string Sid, string Database) Of(FakeSqlSession session) =>
        Databases[session.Database].Named(session.Login) is { Password: not null } user
            ? (user.Sid, session.Database) : (Logins[session.Login].Sid, "");

    private FakeSqlAnswer Groups() => FakeSqlAnswer.Of([.. Databases.Values.SelectMany(one => one.Replicas.Select(replica =>
        (object?[])["orders-group", replica, one.Name]))]);

    private FakeSqlAnswer Changed(FakeSqlSession session, string text)
    {
        if (Use().Match(text) is { Success: true } use)
        {
            var database = Bare(use.Groups["name"].Value);
            return MayEnter(Logins[session.Login], database)
                ? FakeSqlAnswer.Done with { Entered = database }
                : FakeSqlAnswer.Refused(916, 14);
        }

        Changes.Add(PasswordText().Replace(text, "N'…'"));
        var answer = AlterLogin().Match(text) is { Success: true } alter ? Alter(session, alter)
            : AlterUser().Match(text) is { Success: true } user ? Alter(session, Bare(user.Groups["name"].Value), Unquoted(user))
            : Kill().Match(text) is { Success: true } kill ? Killed(session, kill)
            : null;
        return answer ?? throw new FakeVendorException($"A statement that nobody expects: {PasswordText().Replace(text, "N'…'")}");
    }

    private FakeSqlAnswer Alter(FakeSqlSession session, Match match)
    {
        var own = Logins[session.Login];
        if (Logins.GetValueOrDefault(Bare(match.Groups["name"].Value)) is not { } login || !own.May("ALTER ANY LOGIN")
            || (login.IsHighest && !own.May("CONTROL SERVER")))
        {
            return FakeSqlAnswer.Refused(15151);
        }

        if (match.Groups["state"].Value is { Length: > 0 } state)
        {
            login.IsDisabled = state == "DISABLE";
            return FakeSqlAnswer.Done;
        }

        var password = Unquoted(match);
        if (Policy(password) is { } number)
        {
            return FakeSqlAnswer.Refused(number);
        }

        if (Remembers && login.Past.Contains(password))
        {
            return FakeSqlAnswer.Refused(15115);
        }

        login.Past.Add(password);
        login.Password = password;
        login.IsLocked &= match.Groups["unlock"].Length == 0;
        login.Refusal = null;
        return FakeSqlAnswer.Done;
    }

    private FakeSqlAnswer Alter(FakeSqlSession session, string name, string password)
    {
        var database = Databases[session.Database];
        if (database.Named(session.Login)?.May("ALTER ANY USER") != true || database.Named(name) is not { Password: not null } user)
        {
            return FakeSqlAnswer.Refused(15151);
        }

        if (database.IsReadOnly)
        {
            return FakeSqlAnswer.Refused(3906);
        }

        if (Policy(password) is { } number)
        {
            return FakeSqlAnswer.Refused(number);
        }

        user.Password = password;
        return FakeSqlAnswer.Done;
    }

    private FakeSqlAnswer Killed(FakeSqlSession session, Match match)
    {
        var may = Logins.GetValueOrDefault(session.Login)?.May("ALTER ANY CONNECTION") == true
            || Databases[session.Database].Named(session.Login)?.May("KILL DATABASE CONNECTION") == true;
        var (id, sid) = (int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["sid"].Value);
        var found = Server.Sessions.FirstOrDefault(one => one.Id == id);
        if (match.Groups["id"].Value != match.Groups["again"].Value)
        {
            throw new FakeVendorException("A KILL of another session.");
        }

        var whose = match.Groups["whose"].Value;
        var isUser = found is not null && whose == SqlTexts.IsOfUser.Replace("CONVERT(varbinary(85), @sid, 1)", sid)
            .Replace("@name", $"N'{found.Login.Replace("'", "''")}'");
        var isTheirs = found is not null && Of(found) == (sid, isUser ? session.Database : "");
        return !may ? FakeSqlAnswer.Refused(6102)
            : !isUser && found is not null && whose != $"s.original_security_id = {sid}" ? throw new FakeVendorException(
                $"A KILL with a condition that nobody expects: {whose}")
            : isTheirs && !Server.End(id) ? FakeSqlAnswer.Refused(6106)
            : FakeSqlAnswer.Done;
    }

    private bool SeesSessions(FakeSqlSession session) => Edition == 5
        ? Databases[session.Database].Named(session.Login)?.May("VIEW DATABASE STATE") == true
        : Logins.GetValueOrDefault(session.Login)?.May("VIEW SERVER STATE") == true;

    /// <summary>Without one of these, a view shows nobody but oneself, and no error.</summary>
    private static bool SeesOthers(SqlWorldLogin login) => login.May("ALTER ANY LOGIN") || login.May("VIEW ANY DEFINITION");

    private static bool SeesOthers(SqlWorldUser user) => user.May("ALTER ANY USER") || user.May("VIEW DEFINITION");

    private IEnumerable<SqlWorldLogin> Two(IReadOnlyDictionary<string, string> parameters) =>
        parameters.Values.Select(one => Logins.GetValueOrDefault(one)).OfType<SqlWorldLogin>()
            .OrderBy(one => one.Name, StringComparer.Ordinal);

    private static int One(bool? is1) => is1 == true ? 1 : 0;

    private static string Bare(string quoted) => quoted[1..^1].Replace("]]", "]");

    private static string Unquoted(Match match) => match.Groups["text"].Value.Replace("''", "'");

    [GeneratedRegex(@"^USE (?<name>\[([^\]]|\]\])+\])$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Use();

    [GeneratedRegex(
        @"^ALTER LOGIN (?<name>\[([^\]]|\]\])+\]) ((?<state>ENABLE|DISABLE)|WITH PASSWORD = N'(?<text>([^']|'')+)'(?<unlock> UNLOCK)?);$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex AlterLogin();

    [GeneratedRegex(@"^ALTER USER (?<name>\[([^\]]|\]\])+\]) WITH PASSWORD = N'(?<text>([^']|'')+)';$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlterUser();

    [GeneratedRegex(
        @"^IF EXISTS \(SELECT \* FROM sys\.dm_exec_sessions s WHERE s\.session_id = (?<id>\d+) AND "
            + @"(?<whose>.*?s\.original_security_id = (?<sid>0x[0-9A-F]+).*)\) KILL (?<again>\d+);$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000)]
    private static partial Regex Kill();

    [GeneratedRegex(@"(?<=PASSWORD = )N'([^']|'')*'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PasswordText();
}
