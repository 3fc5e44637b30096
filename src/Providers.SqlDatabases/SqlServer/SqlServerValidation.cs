using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Looks whether the binding can be rotated, and says exactly what is missing. Changes nothing.</summary>
internal static class SqlServerValidation
{
    /// <summary>The first whose availability groups may have logins of their own.</summary>
    private const int SqlServer2022 = 16;

    /// <param name="home">Where applications log in.</param>
    /// <param name="instances">Each that is changed; the same session if there is only that one.</param>
    public static Task<StepOutcome> RunAsync(
        SqlServerSetup setup, SqlServerSession home, IReadOnlyList<SqlServerSession> instances, CancellationToken cancellationToken) =>
        setup.Contained ? UsersAsync(setup, home, cancellationToken) : LoginsAsync(setup, home, instances, cancellationToken);

    private static async Task<StepOutcome> LoginsAsync(
        SqlServerSetup setup, SqlServerSession home, IReadOnlyList<SqlServerSession> sessions, CancellationToken cancellationToken)
    {
        var (problems, warnings) = (new List<string>(), new List<string>());
        var (instances, found) = (new List<SqlServerInstance>(), new List<IReadOnlyDictionary<string, SqlServerLoginRow>>());
        foreach (var session in sessions)
        {
            var instance = await session.InstanceAsync(cancellationToken);
            if (!instance.HasLogins)
            {
                return StepOutcome.Rejected(
                    $"{session.At} is Azure SQL Database or another service without logins that are kept like a server's. Make the two "
                        + "users of the database (CREATE USER … WITH PASSWORD), and set kind: contained-user and 'database'.");
            }

            var logins = await session.LoginsAsync(setup.Accounts, cancellationToken);
            problems.AddRange(Rights(setup, session.At, instance));
            problems.AddRange(setup.Accounts.Where(name => !logins.ContainsKey(name)).Select(name => Missing(session.At, name, found)));
            warnings.AddRange(logins.Values.Where(login => login.Expires).Select(login => Expiring(session.At, login)));
            instances.Add(instance);
            found.Add(logins);
        }

        problems.AddRange(Twice(sessions, instances));
        problems.AddRange(Sids(setup, sessions, found));
        if (problems.Count == 0)
        {
            for (var i = 0; i < sessions.Count; i++)
            {
                problems.AddRange(await SqlServerAlike.OnServerAsync(setup, sessions[i], instances[i], found[i], cancellationToken));
            }

            // Through the listener, which leads to the primary: secondaries may let nobody into a database.
            var (differences, used) = await SqlServerAlike.InDatabasesAsync(setup, home, found[0], cancellationToken);
            problems.AddRange(differences);
            problems.AddRange(await GroupsAsync(home, instances, used, cancellationToken));
        }

        return problems.Count > 0
            ? StepOutcome.Rejected(string.Join(' ', problems))
            : StepOutcome.Done(
                ("warning", warnings.Count > 0 ? string.Join(' ', warnings) : null),
                ("server", $"SQL Server {instances[0].Version}"),
                ("instances", instances.Count.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<StepOutcome> UsersAsync(SqlServerSetup setup, SqlServerSession session, CancellationToken cancellationToken)
    {
        var home = await session.HomeAsync(cancellationToken);
        var users = (await session.UsersAsync(setup.Accounts, ["0x", "0x"], cancellationToken))
            .ToDictionary(user => user.Name, StringComparer.OrdinalIgnoreCase);
        var where = $"In {home.Name} at {session.At}";
        var problems = new List<string>();
        foreach (var name in setup.Accounts)
        {
            if (!users.TryGetValue(name, out var user))
            {
                problems.Add($"{where}, there is no user {name}. Run: {SqlServerStatements.CreateUser(name)} And give it what the other "
                    + "has.");
            }
            else if (user.Authentication != SqlServerUser.ByPassword)
            {
                problems.Add($"{where}, {name} has no password of its own, as it belongs to a login or to none. Make it anew (CREATE "
                    + "USER … WITH PASSWORD), or set kind: login.");
            }
        }

        if (!home.AltersUsers)
        {
            problems.Add($"{where}, {setup.User} may not set passwords. Run: "
                + $"{SqlServerStatements.GrantServer("ALTER ANY USER", setup.User)}");
        }

        if (!home.SeesDefinitions)
        {
            problems.Add($"{where}, {setup.User} may not see what others have, so the two cannot be compared. Run: "
                + SqlServerStatements.GrantServer("VIEW DEFINITION", setup.User));
        }

        if (home.IsReadOnly)
        {
            problems.Add($"{where}, nothing can be changed: it is read-only or a secondary copy. Give the primary as 'server'.");
        }

        if (setup.EndSessions && !(home.EndsSessions && home.SeesSessions))
        {
            problems.Add($"{where}, endSessions needs two rights. Run: "
                + $"{SqlServerStatements.GrantServer(home.SightRight, setup.User)} "
                + $"{SqlServerStatements.GrantServer(home.EndRight, setup.User)}");
        }

        if (problems.Count == 0)
        {
            problems.AddRange(await SqlServerAlike.UsersAsync(
                session, where, users[setup.Accounts[0]], users[setup.Accounts[1]], cancellationToken));
        }

        return problems.Count > 0
            ? StepOutcome.Rejected(string.Join(' ', problems))
            : StepOutcome.Done(("server", home.IsAzure ? "Azure SQL Database" : "SQL Server"), ("database", home.Name));
    }

    private static IEnumerable<string> Rights(SqlServerSetup setup, string at, SqlServerInstance instance)
    {
        if (!instance.AltersLogins)
        {
            yield return $"{setup.User} may not set passwords at {at}. Run there: "
                + SqlServerStatements.GrantServer("ALTER ANY LOGIN", setup.User);
        }

        if (!instance.SeesDefinitions)
        {
            yield return $"{setup.User} may not see at {at} what others have, so the two logins cannot be compared. Run there: "
                + SqlServerStatements.GrantServer("VIEW ANY DEFINITION", setup.User);
        }

        if (setup.EndSessions && !(instance.EndsSessions && instance.SeesSessions))
        {
            yield return $"endSessions needs two rights at {at}. Run there: "
                + $"{SqlServerStatements.GrantServer("VIEW SERVER STATE", setup.User)} "
                + SqlServerStatements.GrantServer("ALTER ANY CONNECTION", setup.User);
        }
    }

    private static string Missing(string at, string name, List<IReadOnlyDictionary<string, SqlServerLoginRow>> before)
    {
        var sid = before.Select(logins => logins.GetValueOrDefault(name)?.Sid).FirstOrDefault(sid => sid is not null);
        return $"There is no SQL login {name} at {at}. Run there: {SqlServerStatements.CreateLogin(name, sid)} And give it what the "
            + "other has.";
    }

    private static string Expiring(string at, SqlServerLoginRow login) =>
        $"The password of {login.Name} ends by itself at {at} (CHECK_EXPIRATION)"
            + (login.DaysLeft >= 0 ? $", in {login.DaysLeft.ToString(CultureInfo.InvariantCulture)} day(s)" : "")
            + ". Rotate it before, or turn that off.";

    private static IEnumerable<string> Twice(IReadOnlyList<SqlServerSession> sessions, List<SqlServerInstance> instances) =>
        instances.Select((instance, i) => (instance.Name, sessions[i].At))
            .GroupBy(one => one.Name, one => one.At, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(" and ", group)} are one and the same instance ({group.Key}). Name each replica once, by "
                + "its own address.");

    private static IEnumerable<string> Sids(
        SqlServerSetup setup, IReadOnlyList<SqlServerSession> sessions, List<IReadOnlyDictionary<string, SqlServerLoginRow>> found)
    {
        foreach (var name in setup.Accounts)
        {
            var all = found.Select((logins, i) => (At: sessions[i].At, Sid: logins.GetValueOrDefault(name)?.Sid))
                .Where(one => one.Sid is not null).ToList();
            foreach (var (at, _) in all.Where(one => !string.Equals(one.Sid, all[0].Sid, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"The login {name} has another SID at {at} than at {all[0].At}, so its users are orphans after a failover. "
                    + $"Drop it at {at}, and run there: {SqlServerStatements.CreateLogin(name, all[0].Sid)}";
            }
        }
    }

    /// <summary>Logins are no part of an availability group: a replica that is not named would keep the old password.</summary>
    private static async Task<IReadOnlyList<string>> GroupsAsync(
        SqlServerSession home, List<SqlServerInstance> instances, IReadOnlySet<string> used, CancellationToken cancellationToken)
    {
        var here = await home.InstanceAsync(cancellationToken);
        if (!here.HasGroups)
        {
            return [];
        }

        var replicas = await home.ReplicasAsync(here.Major >= SqlServer2022, cancellationToken);
        var named = instances.Select(instance => instance.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. replicas.Where(one => used.Contains(one.Database) && !named.Contains(one.Replica))
            .GroupBy(one => (one.Group, one.Replica), one => one.Database)
            .Select(group => $"The availability group {group.Key.Group} holds {string.Join(", ", group)} on {group.Key.Replica} too, "
                + "which is not "
                + "named: after a failover the new password would be unknown there. Add that replica's own address to 'replicas'.")];
    }
}
