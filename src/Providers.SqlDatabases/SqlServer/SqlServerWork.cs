using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>One piece of work: sessions at every instance, open before anything is changed at one.</summary>
internal sealed class SqlServerWork : IAsyncDisposable
{
    private readonly SecretValue _password;
    private readonly List<SqlServerSession> _sessions = [];
    private SqlServerSession? _home;

    private SqlServerWork(SqlServerSetup setup, SecretValue password) => (Setup, _password) = (setup, password);

    public SqlServerSetup Setup { get; }

    /// <summary>One for each of <see cref="SqlServerSetup.Instances"/>, in their order.</summary>
    public IReadOnlyList<SqlServerSession> Sessions => _sessions;

    /// <summary>What an account is, for people.</summary>
    public string Word => Setup.Contained ? "user" : "login";

    /// <summary>The account where it is a user that a database holds itself; null for a login.</summary>
    public string? UserOf(string account) => Setup.Contained ? account : null;

    /// <summary>Runs the work. What fails before it says that it is sending has changed nothing.</summary>
    public static async Task<StepOutcome> RunAsync(
        ProviderCall call,
        Func<SqlServerWork, Progress, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        SqlServerSetup? setup = null;
        var progress = new Progress();
        try
        {
            setup = SqlServerSetup.Read(call.Settings);
            using var password = await call.Settings.RequiredSecretAsync(SqlServerDescriptor.Password, cancellationToken);
            if (password.RevealText().Length is 0 or > SqlServerSetup.Longest)
            {
                return StepOutcome.Rejected($"'password' is empty or longer than {SqlServerSetup.Longest} characters. Set it anew.");
            }

            await using var session = new SqlServerWork(setup, password);
            foreach (var address in setup.Instances)
            {
                session._sessions.Add(await SqlServerSession.OpenAsync(setup, address, password, cancellationToken));
            }

            return await work(session, progress);
        }
        catch (Exception exception) when (exception is SqlServerOpenException || SqlServerFailures.Explains(exception))
        {
            var (inner, at) = exception is SqlServerOpenException open ? (open.InnerException!, open.At) : (exception, progress.At);
            return progress.Means(
                SqlServerFailures.BeforeAnything(inner, setup, at),
                what => SqlServerFailures.AfterSending(inner, setup!, at!, what));
        }
    }

    /// <summary>A session where applications log in, which with an availability group is none of the instances' own.</summary>
    public async Task<SqlServerSession> HomeAsync(CancellationToken cancellationToken) =>
        _home ??= await SqlServerSession.OpenAsync(Setup, Setup.Server, _password, cancellationToken);

    /// <summary>The login at each instance; null throughout for a contained user.</summary>
    /// <exception cref="SqlServerSetupException">It is not there.</exception>
    public async Task<IReadOnlyList<SqlServerLoginRow?>> LoginsAsync(string account, CancellationToken cancellationToken)
    {
        var found = new List<SqlServerLoginRow?>();
        foreach (var session in _sessions)
        {
            var login = Setup.Contained ? null : await LoginAsync(session, account, cancellationToken);
            if (Setup.Contained ? await UserAsync(session, account, cancellationToken) is null : login is null)
            {
                throw new SqlServerSetupException($"There is no {Word} {account} at {session.At}. Make it, like the other one.");
            }

            found.Add(login);
        }

        return found;
    }

    /// <summary>The account's SID at each instance, and whether anybody could log in; null where it is not there.</summary>
    /// <exception cref="SqlServerSetupException">It is not seen, and others would not be either.</exception>
    public async Task<IReadOnlyList<(string Sid, bool IsOpen)?>> SidsAsync(string account, CancellationToken cancellationToken)
    {
        var found = new List<(string, bool)?>();
        foreach (var session in _sessions)
        {
            if (Setup.Contained)
            {
                found.Add(await UserAsync(session, account, cancellationToken) is { } user ? (user.Sid, true) : null);
            }
            else
            {
                found.Add(await LoginAsync(session, account, cancellationToken) is { } login ? (login.Sid, !login.IsDisabled) : null);
            }

            if (found[^1] is null && !await SeesAccountsAsync(session, cancellationToken))
            {
                throw new SqlServerSetupException($"Whether there is a {Word} {account} at {session.At} cannot be told: {Setup.User} "
                    + "may not see others there. Give it the rights (see the provider's page).");
            }
        }

        return found;
    }

    /// <summary>Whether other sessions than one's own are seen: else an empty answer would look like nobody.</summary>
    public async Task<bool> SeesSessionsAsync(SqlServerSession session, CancellationToken cancellationToken) => Setup.Contained
        ? (await session.HomeAsync(cancellationToken)).SeesSessions
        : (await session.InstanceAsync(cancellationToken)).SeesSessions;

    public async Task<string> SightRightAsync(CancellationToken cancellationToken) => Setup.Contained
        ? (await _sessions[0].HomeAsync(cancellationToken)).SightRight
        : "VIEW SERVER STATE";

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _home is null ? _sessions : [.. _sessions, _home])
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>Without a right a view shows nobody but oneself, and no error: what is not seen is then not known to be gone.</summary>
    private async Task<bool> SeesAccountsAsync(SqlServerSession session, CancellationToken cancellationToken) => Setup.Contained
        ? await session.HomeAsync(cancellationToken) is { AltersUsers: true } or { SeesDefinitions: true }
        : await session.InstanceAsync(cancellationToken) is { AltersLogins: true } or { SeesDefinitions: true };

    private async Task<SqlServerLoginRow?> LoginAsync(SqlServerSession session, string account, CancellationToken cancellationToken) =>
        (await session.LoginsAsync(Setup.Accounts, cancellationToken)).GetValueOrDefault(account);

    private async Task<SqlServerUser?> UserAsync(SqlServerSession session, string account, CancellationToken cancellationToken) =>
        (await session.UsersAsync(Setup.Accounts, ["0x", "0x"], cancellationToken))
            .FirstOrDefault(user => string.Equals(user.Name, account, StringComparison.OrdinalIgnoreCase)
                && user.Authentication == SqlServerUser.ByPassword);
}
