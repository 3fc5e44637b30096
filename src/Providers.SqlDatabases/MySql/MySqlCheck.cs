using MySqlConnector;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Looks whether the binding can be rotated, and says exactly what is missing, all at once. Changes nothing.</summary>
internal sealed class MySqlCheck
{
    private readonly MySqlSetup _setup;
    private readonly MySqlSession _session;
    private readonly MySqlServer _server;
    private readonly bool _two;
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    private MySqlCheck(MySqlSetup setup, MySqlSession session, MySqlServer server, bool two) =>
        (_setup, _session, _server, _two) = (setup, session, server, two);

    /// <param name="two">Two users in turn; else one with two passwords.</param>
    public static async Task<StepOutcome> RunAsync(
        MySqlSetup setup,
        MySqlSession session,
        MySqlServer server,
        bool two,
        CancellationToken cancellationToken)
    {
        if (server.IsTooOld)
        {
            return StepOutcome.Rejected(
                $"{setup.Address} runs {server.Name}, which is too old. Upgrade it, to MariaDB 10.5 or MySQL 5.7.6 at least.");
        }

        if (server.IsOn("wsrep_on")
            && (server.Value("wsrep_ready") == "OFF" || server.Value("wsrep_cluster_status") is not ("" or "PRIMARY")))
        {
            return StepOutcome.RetryLater(
                $"{setup.Address} is a node of a Galera cluster and takes no changes now (wsrep_ready {server.Value("wsrep_ready")}, "
                    + $"wsrep_cluster_status {server.Value("wsrep_cluster_status")}). Bring it back, or give the address of another.");
        }

        var check = new MySqlCheck(setup, session, server, two);
        check.LookAtServer();
        try
        {
            await check.LookAtAccountsAsync(cancellationToken);
            await check.LookAtSourcesAsync(cancellationToken);
            if (check._problems.Count == 0 && await MySqlLogin.UnreachedAsync(setup, cancellationToken) is { } unreached)
            {
                return StepOutcome.RetryLater(unreached);
            }
        }
        catch (MySqlException refused) when (MySqlFailures.IsLackOfRight(refused))
        {
            check._problems.Add(
                $"{server.Me} may not read the accounts of the server ({MySqlFailures.Code(refused.Number)}). Run: "
                    + MySqlAdvisedSql.LetReadAccounts(server.Me));
        }

        return check._problems.Count > 0
            ? StepOutcome.Rejected(string.Join(' ', check._problems))
            : StepOutcome.Done(
                ("warning", check._warnings.Count == 0 ? null : string.Join(' ', check._warnings)),
                ("server", server.Name),
                ("administrator", server.Me));
    }

    private void LookAtServer()
    {
        if (!_two && !_server.HasDualPasswords)
        {
            _problems.Add(
                $"{_setup.Address} runs {_server.Name}, where a user has one password only: MySQL has two from 8.0.14 on, MariaDB has not. "
                    + "Make a second user with the same grants, and take type: mysql-users with both in 'accounts'.");
        }

        if (_server.IsReadOnly)
        {
            _problems.Add($"{_setup.Address} is read-only (a replica?) and takes no changes. Give the primary's address.");
        }

        if (_server.IsOn("wsrep_on") && _server.Value("wsrep_osu_method") == "RSU")
        {
            _problems.Add(
                $"{_setup.Address} would keep a change of users from the other nodes of its Galera cluster (wsrep_OSU_method RSU). Set it "
                    + "to TOI.");
        }

        Need(_server.Rights.Has("CREATE USER"), "set passwords of users", MySqlAdvisedSql.LetAlterUsers(_server.Me));
        if (_setup.EndSessions)
        {
            Need(_server.Rights.Has("PROCESS"), "see sessions, for endSessions", MySqlAdvisedSql.LetSeeSessions(_server.Me));
            Need(
                _server.Rights.Has("CONNECTION_ADMIN", "CONNECTION ADMIN")
                    || (_server.Rights.Has("SUPER") && (!_server.IsMariaDb || _server.Version.Major < 11)),
                "end sessions of others, for endSessions",
                MySqlAdvisedSql.LetEndSessions(_server.Me, _server.IsMariaDb));
        }

        if (_server.IsToldPasswords && !_server.IsEncrypted && !_setup.IsLocal)
        {
            _problems.Add(
                $"{_server.Name} has to be told the password itself, and the connection to {_setup.Address} has no TLS. Set sslMode: "
                    + "required.");
        }

        if (_setup.EndSessions && (_setup.Places.Count > 0 || _server.IsOn("wsrep_on")))
        {
            _warnings.Add($"endSessions ends sessions at {_setup.Address} alone: those at other servers live on until they close.");
        }

        LookAtLogs();
    }

    private void LookAtLogs()
    {
        var logs = new[] { _server.IsOn("general_log") ? "its general log" : null, _server.IsOn("log_bin") ? "its binary log" : null }
            .OfType<string>().ToList();
        if (_server is { IsMariaDb: true, Checkers: { Count: > 0 } checkers } && logs.Count > 0)
        {
            _warnings.Add(
                $"{string.Join(" and ", checkers)} has to see each new password, so {_server.Name} writes it to "
                    + $"{string.Join(" and ", logs)} as it is. Whoever reads those can log in.");
        }
        else if (!_server.IsMariaDb && _server.IsOn("log_raw") && _server.IsOn("general_log"))
        {
            _warnings.Add($"{_setup.Address} runs with log-raw: its general log gets each new password as it is.");
        }

        if (_two && !_server.Rights.Has("PROCESS"))
        {
            _warnings.Add(
                $"{_server.Me} does not see who is connected, so there will be no evidence. Run: "
                    + MySqlAdvisedSql.LetSeeSessions(_server.Me));
        }
    }

    private async Task LookAtSourcesAsync(CancellationToken cancellationToken)
    {
        if (await _session.SourcesAsync(_server, cancellationToken) is { Count: > 0 } sources)
        {
            _warnings.Add(
                $"{_setup.Address} is a replica of {string.Join(", ", sources)} and not read-only: what is changed here is not changed "
                    + "there. If only one of them takes changes, give its address.");
        }
    }

    private async Task LookAtAccountsAsync(CancellationToken cancellationToken)
    {
        var found = new List<IReadOnlyList<MySqlAccount>>();
        foreach (var user in _setup.Accounts)
        {
            found.Add(await _session.AccountsAsync(_server, user, cancellationToken));
            LookAtHosts(user, found[^1]);
            foreach (var account in found[^1].Where(Named))
            {
                LookAtLogin(account);
                await LookAtPowerAsync(account, cancellationToken);
            }
        }

        if (_two)
        {
            await CompareAsync(found[0], found[1], cancellationToken);
        }

        var named = found.SelectMany(accounts => accounts).Where(Named).ToList();
        foreach (var account in named)
        {
            await LookForSecondAsync(account, cancellationToken);
        }

        _problems.AddRange(await MySqlDatabase.ProblemsAsync(_setup, _session, _server, named, cancellationToken));
        if (_setup.Places.Count == 0 && _setup.Hosts.All(host => MySqlHostPattern.LetsIn(host, _server.From) == false))
        {
            _problems.Add(
                $"{_setup.Address} sees Rotunda come from {_server.From}, and none of 'hosts' ({string.Join(", ", _setup.Hosts)}) lets it "
                    + "in from there, so no login could be tried. Run Rotunda where they do, or set 'verifyAt' to an address that does.");
        }

        foreach (var nameless in _setup.Places.Count > 0 ? [] : await _session.AccountsAsync(_server, "", cancellationToken))
        {
            LookAtNameless(nameless.Host);
        }
    }

    /// <summary>The server takes the account with the nearest host first, and one without a name fits every user.</summary>
    private void LookAtNameless(string host)
    {
        if (host.AsSpan().IndexOfAny('%', '_', '/') < 0 && MySqlHostPattern.LetsIn(host, _server.From) == true
            && !_setup.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            _problems.Add(
                $"{_setup.Address} has an account without a name for {host}, and takes it for {string.Join(" and ", _setup.Accounts)} when "
                    + $"they come from there: their passwords would be refused. Run: {MySqlAdvisedSql.Drop("", host)}");
        }
    }

    private bool Named(MySqlAccount account) => _setup.Hosts.Contains(account.Host, StringComparer.OrdinalIgnoreCase);

    private void LookAtHosts(string user, IReadOnlyList<MySqlAccount> accounts)
    {
        var missing = _setup.Hosts.Where(host => !accounts.Any(a => a.Host.Equals(host, StringComparison.OrdinalIgnoreCase))).ToList();
        var more = accounts.Where(account => !Named(account)).Select(account => account.Host).ToList();
        if (missing.Count > 0)
        {
            _problems.Add(
                $"{_setup.Address} has no account {string.Join(", ", missing.Select(host => $"{user}@{host}"))}. Make it"
                    + $"{(_two ? " like that of the other user" : "")}, or correct 'hosts'.");
        }

        if (more.Count > 0)
        {
            _problems.Add(
                $"{user} has accounts at other hosts, too: {string.Join(", ", more)}. Clients from there would keep the old password. Add "
                    + $"them to 'hosts', or drop them: {string.Join(' ', more.Select(host => MySqlAdvisedSql.Drop(user, host)))}");
        }
    }

    private void LookAtLogin(MySqlAccount account)
    {
        if (!account.LogsInByPassword(_server.IsMariaDb) || (!_two && account.Plugin == MySqlAccount.Sha256))
        {
            _problems.Add(
                $"{account} logs in by {account.Plugin}{(account.HasOtherWays ? " and something else" : "")}, and a new password would "
                    + $"change that. Give it {(_server.IsMariaDb ? MySqlAccount.Native : MySqlAccount.CachingSha2)} alone.");
        }

        if (account.TlsType is "X509" or "SPECIFIED")
        {
            _problems.Add($"{account} has to show a certificate of its own (REQUIRE {account.TlsType}), so Rotunda cannot try its login.");
        }
        else if (account.TlsType == "ANY" && !_server.IsEncrypted)
        {
            _problems.Add($"{account} is let in by TLS alone, and this connection has none. Set sslMode: required.");
        }

        if (!_two && account.IsLocked)
        {
            _problems.Add($"{account} is locked, so no password of it works. Run: {MySqlAdvisedSql.Unlock(account)}");
        }
    }

    private async Task LookAtPowerAsync(MySqlAccount account, CancellationToken cancellationToken)
    {
        const string Power = "SYSTEM_USER";
        if (!_server.IsMariaDb && !_server.Rights.HasNamed(Power)
            && MySqlRights.Read(await _session.GrantsAsync(account, cancellationToken)).HasNamed(Power))
        {
            _problems.Add(
                $"{account} has {Power}, and only such a user may change it. Run: {MySqlAdvisedSql.LetAlterSystemUsers(_server.Me)}");
        }
    }

    private async Task CompareAsync(
        IReadOnlyList<MySqlAccount> ones,
        IReadOnlyList<MySqlAccount> others,
        CancellationToken cancellationToken)
    {
        foreach (var one in ones.Where(Named))
        {
            if (others.FirstOrDefault(a => a.Host.Equals(one.Host, StringComparison.OrdinalIgnoreCase)) is { } other)
            {
                _problems.AddRange(MySqlGrants.Differences(
                    (one, await _session.GrantsAsync(one, cancellationToken)),
                    (other, await _session.GrantsAsync(other, cancellationToken))));
            }
        }
    }

    private async Task LookForSecondAsync(MySqlAccount account, CancellationToken cancellationToken)
    {
        if (!_server.HasDualPasswords || (await _session.HashesAsync(account, cancellationToken)).Second is null)
        {
            return;
        }

        if (_two)
        {
            _problems.Add(
                $"{account} has a second password, which a new first one leaves as it is. Run: {MySqlAdvisedSql.DiscardSecond(account)}");
        }
        else
        {
            _warnings.Add(
                $"{account} has a second password already. If it is not what an earlier rotation left, somebody may use it: the next new "
                    + "password ends one of the two.");
        }
    }

    private void Need(bool has, string what, string statement)
    {
        if (!has)
        {
            _problems.Add($"{_server.Me} may not {what}. Run: {statement}");
        }
    }
}
