namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>
/// Two accounts taken in turn have to be able to do the same: consumers get the one today and the other tomorrow. Says what one has and
/// the other lacks, with the statement that mends it. Changes nothing.
/// </summary>
internal static class SqlServerAlike
{
    /// <summary>What the two logins are and have on one instance.</summary>
    public static async Task<IReadOnlyList<string>> OnServerAsync(
        SqlServerSetup setup,
        SqlServerSession session,
        SqlServerInstance instance,
        IReadOnlyDictionary<string, SqlServerLoginRow> logins,
        CancellationToken cancellationToken)
    {
        var (one, other) = (logins[setup.Accounts[0]], logins[setup.Accounts[1]]);
        var problems = new List<string>();
        if (!string.Equals(one.Database, other.Database, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"At {session.At}, the default database of {one.Name} is {one.Database}, that of {other.Name} "
                + $"{other.Database}. Run: "
                + SqlServerStatements.DefaultDatabase(other.Name, one.Database ?? "master"));
        }

        if (!string.Equals(one.Language, other.Language, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"At {session.At}, the default language of {one.Name} is {one.Language}, that of {other.Name} "
                + $"{other.Language}, so "
                + $"dates are read otherwise. Run: {SqlServerStatements.DefaultLanguage(other.Name, one.Language ?? "us_english")}");
        }

        var rights = await session.ServerRightsAsync(one.Name, cancellationToken);
        var others = await session.ServerRightsAsync(other.Name, cancellationToken);
        if (!instance.ControlsServer && rights.Concat(others).Any(right => right.IsHighest))
        {
            problems.Add($"At {session.At}, one of {one.Name} and {other.Name} may do everything (sysadmin or CONTROL SERVER), and only "
                + $"who has CONTROL SERVER may set its password. Take that away, or run: "
                + $"{SqlServerStatements.GrantServer("CONTROL SERVER", setup.User)}");
        }

        problems.AddRange(Lacking(session.At, one.Name, rights, other.Name, others, onServer: true));
        return problems;
    }

    /// <summary>The users of the two logins in each database, and what they have there.</summary>
    /// <returns>The problems, and the databases in which one of them is known.</returns>
    public static async Task<(IReadOnlyList<string> Problems, IReadOnlySet<string> Used)> InDatabasesAsync(
        SqlServerSetup setup,
        SqlServerSession session,
        IReadOnlyDictionary<string, SqlServerLoginRow> logins,
        CancellationToken cancellationToken)
    {
        var two = setup.Accounts.Select(name => logins[name]).ToArray();
        var sids = two.Select(login => login.Sid).ToArray();
        var (problems, used) = (new List<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        var there = await session.DatabasesAsync(sids, cancellationToken);
        var wanted = setup.Databases.Concat(setup.Database is { } own ? [own] : []).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        problems.AddRange(wanted
            .Where(name => !there.Any(database => Same(database.Name, name)))
            .Select(name => $"{session.At} has no database {name} that is online and that {setup.User} may see. Check 'database' and "
                + "'databases', and whether 'server' is the primary."));
        foreach (var (name, mayEnter, owner) in there.Where(one =>
            setup.Databases.Count == 0 || wanted.Exists(name => Same(one.Name, name))))
        {
            if (!mayEnter)
            {
                problems.Add($"{setup.User} may not enter the database {name} at {session.At}, so the two logins cannot be compared "
                    + "there. Run: "
                    + SqlServerStatements.GrantServer("CONNECT ANY DATABASE", setup.User) + " Or name the databases in 'databases'.");
                continue;
            }

            if (owner > 0)
            {
                used.Add(name);
                problems.Add($"{two[owner - 1].Name} owns the database {name}, and so may do all there, and {two[2 - owner].Name} may "
                    + "not. Give it to a login of its own (ALTER AUTHORIZATION ON DATABASE), and make both members of a role.");
                continue;
            }

            await session.EnterAsync(name, cancellationToken);
            var users = await session.UsersAsync([two[0].Name, two[1].Name], sids, cancellationToken);
            var mapped = two.Select(login => users.FirstOrDefault(user => Same(user.Sid, login.Sid))).ToArray();
            problems.AddRange(Orphans(name, two, users));
            if (mapped[0] is { } first && mapped[1] is { } second)
            {
                used.Add(name);
                problems.AddRange(await UsersAsync(session, $"In {name}", first, second, cancellationToken));
            }
            else if ((mapped[0] ?? mapped[1]) is not null)
            {
                used.Add(name);
                var (has, lacks) = mapped[0] is not null ? (two[0], two[1]) : (two[1], two[0]);
                problems.Add($"In {name}, {has.Name} has a user and {lacks.Name} has none. Run: "
                    + $"{SqlServerStatements.MapUser(name, lacks.Name)} And give it what the other has.");
            }
        }

        if (setup.Database is { } home && !used.Contains(home) && there.Any(one => Same(one.Name, home) && one.MayEnter))
        {
            problems.Add($"In {home}, neither {two[0].Name} nor {two[1].Name} has a user, and applications are to log in there. Check "
                + "'database'.");
        }

        return (problems, used);
    }

    /// <summary>Two users of the database that the session is in.</summary>
    public static async Task<IReadOnlyList<string>> UsersAsync(
        SqlServerSession session, string where, SqlServerUser one, SqlServerUser other, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (!Same(one.Schema, other.Schema))
        {
            problems.Add($"{where}, the default schema of {one.Name} is {Shown(one.Schema)}, that of {other.Name} "
                + $"{Shown(other.Schema)}, so names "
                + $"lead elsewhere. Run: {SqlServerStatements.DefaultSchema(other.Name, one.Schema.Length > 0 ? one.Schema : "dbo")}");
        }

        problems.AddRange(Lacking(
            where,
            one.Name,
            await session.RightsAsync(one.Name, cancellationToken),
            other.Name,
            await session.RightsAsync(other.Name, cancellationToken),
            onServer: false));
        return problems;
    }

    /// <summary>A user whose login is gone or was made anew elsewhere: its SID is nobody's.</summary>
    private static IEnumerable<string> Orphans(string database, SqlServerLoginRow[] two, IReadOnlyList<SqlServerUser> users) =>
        from user in users
        where user.Authentication == SqlServerUser.ByLogin && !two.Any(login => Same(login.Sid, user.Sid))
        let login = Array.Find(two, login => Same(login.Name, user.Name))
        where login is not null
        select $"In {database}, the user {user.Name} is an orphan: its SID is not that of the login {login.Name}. Run: "
            + SqlServerStatements.Adopt(database, user.Name, login.Name);

    private static IEnumerable<string> Lacking(
        string where,
        string one,
        IReadOnlyList<SqlServerRight> rights,
        string other,
        IReadOnlyList<SqlServerRight> others,
        bool onServer) =>
        Missing(where, one, rights, other, others, onServer).Concat(Missing(where, other, others, one, rights, onServer));

    private static IEnumerable<string> Missing(
        string where,
        string has,
        IReadOnlyList<SqlServerRight> rights,
        string lacks,
        IReadOnlyList<SqlServerRight> others,
        bool onServer) =>
        rights.Except(others).Select(right =>
            $"{(onServer ? $"At {where}" : where)}, {has} {right.Told}, and {lacks} not. {right.Mend(lacks, onServer)}");

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Shown(string schema) => schema.Length > 0 ? schema : "none";
}
