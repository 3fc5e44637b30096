using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>What a step does at the server, and what its failures mean.</summary>
/// <param name="Server">As it is now.</param>
internal sealed record MySqlWork(MySqlSetup Setup, MySqlSession Session, MySqlServer Server, Progress Progress)
{
    /// <summary>Runs the work in a session of Rotunda's own. What fails before the work says that it is sending has changed
    /// nothing.</summary>
    public static async Task<StepOutcome> RunAsync(
        ProviderCall call,
        bool two,
        Func<MySqlWork, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        MySqlSetup? setup = null;
        var progress = new Progress();
        try
        {
            setup = await MySqlSetup.ReadAsync(call.Settings, two, cancellationToken);
            await using var session = await MySqlSession.OpenAsync(setup, cancellationToken);
            return await work(new(setup, session, await session.ServerAsync(cancellationToken), progress));
        }
        catch (Exception exception) when (MySqlFailures.Explains(exception))
        {
            return progress.Means(
                MySqlFailures.BeforeAnything(exception, setup), what => MySqlFailures.AfterSending(exception, setup!, what));
        }
    }

    public static Task<StepOutcome> CheckAsync(ProviderCall call, bool two, CancellationToken cancellationToken) =>
        RunAsync(call, two, work => MySqlCheck.RunAsync(work.Setup, work.Session, work.Server, two, cancellationToken), cancellationToken);

    public static async Task<Verification> VerifyAsync(
        ProviderCall call,
        bool two,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        try
        {
            var setup = await MySqlSetup.ReadAsync(call.Settings, two, cancellationToken);
            return MySqlHashes.Takes(value, out var whyNot)
                ? await MySqlLogin.TryAsync(setup, setup.AccountOf(credential), value, cancellationToken)
                : new(Validity.Invalid, whyNot);
        }
        catch (Exception exception) when (MySqlFailures.Explains(exception))
        {
            return new(Validity.CannotTell, MySqlFailures.BeforeAnything(exception, null).Reason);
        }
    }

    /// <summary>The accounts of the user at the hosts of the settings, which no other session of Rotunda changes until this one ends.
    /// </summary>
    /// <param name="all">All of them have to be there; else the user may be gone altogether.</param>
    /// <exception cref="MySqlSetupException">One is missing, or logs in by something else than a password.</exception>
    /// <exception cref="OutcomeException">Another session is at work on it.</exception>
    public async Task<IReadOnlyList<MySqlAccount>> HoldAsync(string user, bool all, CancellationToken cancellationToken)
    {
        // A Galera cluster has no locks of that kind.
        if (!Server.IsOn("wsrep_on") && !await Session.HoldAsync(user, cancellationToken))
        {
            throw new OutcomeException(StepOutcome.RetryLater(
                $"Another session of Rotunda at {Setup.Address} is at work on {user}: what it was told may still wait there. Look at the "
                    + "server's process list if this goes on."));
        }

        var everywhere = await Session.AccountsAsync(Server, user, cancellationToken);
        var found = everywhere.Where(account => Setup.Hosts.Contains(account.Host, StringComparer.OrdinalIgnoreCase)).ToList();
        if ((all || everywhere.Count > 0) && found.Count < Setup.Hosts.Count)
        {
            throw new MySqlSetupException(
                $"{Setup.Address} does not have {user} at all of {string.Join(", ", Setup.Hosts)}. Make the account, or correct 'hosts'.");
        }

        return found.Find(account => !account.LogsInByPassword(Server.IsMariaDb)) is { } other
            ? throw new MySqlSetupException(
                $"{other} logs in by {other.Plugin}{(other.HasOtherWays ? " and something else" : "")}, and a new password would change "
                    + "that.")
            : found;
    }

    /// <summary>Asks all sessions of the user to end.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndSessionsAsync(string user, CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var (id, _) in await Session.SessionsAsync(user, cancellationToken))
        {
            ended += await Session.EndSessionAsync(id, cancellationToken) ? 1 : 0;
        }

        return ended;
    }
}
