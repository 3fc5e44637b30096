using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// Changes the files of a pooler's own login and has the poolers read them. The consoles are entered before a file is touched: whoever
/// is refused there has changed nothing. RELOAD is said, and RECONNECT where RELOAD leaves connections from before, also if the files
/// were right already: an earlier attempt may have come no further.
/// </summary>
internal sealed class PoolerLoginChange : IAsyncDisposable
{
    private readonly PoolerLoginSetup _setup;
    private readonly WaitLimit _limit;
    private readonly PgBouncerProgress _progress;
    private readonly List<(PgBouncerEndpoint At, PgBouncerClient Console)> _poolers = [];

    private PoolerLoginChange(PoolerLoginSetup setup, TimeProvider time, PgBouncerProgress progress) =>
        (_setup, _limit, _progress) = (setup, new(time, setup.Console.Timeout), progress);

    public static async Task<PoolerLoginChange> BeginAsync(
        PoolerLoginSetup setup, TimeProvider time, PgBouncerProgress progress, CancellationToken cancellationToken)
    {
        var change = new PoolerLoginChange(setup, time, progress);
        try
        {
            foreach (var at in setup.Console.Poolers)
            {
                change._poolers.Add((at, await PgBouncerClient.OpenAsync(setup.Console, at, time, cancellationToken)));
            }

            return change;
        }
        catch
        {
            await change.DisposeAsync();
            throw;
        }
    }

    /// <param name="user">The name that stands there afterwards.</param>
    /// <param name="line">True if it changed the userlist.</param>
    /// <param name="name">True if it changed the ini.</param>
    public async Task<StepOutcome> DeliverAsync(
        string user, Func<Task<bool>> line, Func<Task<bool>> name, CancellationToken cancellationToken)
    {
        // The line first: whoever reads the new name finds its password.
        await WriteAsync(line);
        await WriteAsync(name);
        foreach (var (_, console) in _poolers)
        {
            await ReadAgainAsync(console, user, cancellationToken);
        }

        return Outcome();
    }

    /// <summary>The way back. The name first, at each pooler too: whoever still has the other name needs the line that is taken away, and
    /// PgBouncer up to 1.16 reads the userlist by itself as soon as it changes, but the ini only at RELOAD.</summary>
    /// <param name="user">The name that stands there afterwards.</param>
    /// <param name="name">True if it changed the ini.</param>
    /// <param name="lines">True if it changed the userlist.</param>
    public async Task<StepOutcome> RestoreAsync(
        string user, Func<Task<bool>> name, Func<Task<bool>> lines, CancellationToken cancellationToken)
    {
        await WriteAsync(name);
        var moved = new HashSet<PgBouncerClient>();
        foreach (var (at, console) in _setup.UserList is null ? [] : _poolers)
        {
            var isOther = await WhyOtherAsync(at, console, user, cancellationToken) is not null;
            if (isOther || !IsNameShown)
            {
                await QuietAsync(console, user, cancellationToken);
                await console.ReloadAsync(cancellationToken);
            }

            if (isOther)
            {
                moved.Add(console);
                if (await WhyOtherAsync(at, console, user, cancellationToken) is { } stopped)
                {
                    return stopped;
                }
            }
        }

        await WriteAsync(lines);
        foreach (var (at, console) in _poolers)
        {
            // What a pooler has opened since it knows the name again needs no change.
            await (moved.Contains(console) ? console.ReloadAsync(cancellationToken) : ReadAgainAsync(console, user, cancellationToken));
            if (await WhyOtherAsync(at, console, user, cancellationToken) is { } stopped)
            {
                return stopped;
            }
        }

        return Outcome();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, console) in _poolers)
        {
            await console.DisposeAsync();
        }
    }

    /// <summary>The auth_user of a single database is shown nowhere, nor is the login of the fallback entry.</summary>
    private bool IsNameShown => !_setup.HasFallback && (!_setup.IsAuthUser || _setup.IsOfAll);

    private async Task WriteAsync(Func<Task<bool>> change) => _progress.MayHaveChanged |= await change();

    private Task<StepOutcome?> WhyOtherAsync(
        PgBouncerEndpoint at, PgBouncerClient console, string user, CancellationToken cancellationToken) =>
        PoolerLoginPoolers.WhyOtherAsync(_setup, console, at, user, isMissingFine: true, cancellationToken);

    /// <summary>RELOAD closes connections by a login whose name has changed; those by another password of the same name are left to
    /// RECONNECT.</summary>
    private async Task ReadAgainAsync(PgBouncerClient console, string user, CancellationToken cancellationToken)
    {
        var before = Open(await QuietAsync(console, user, cancellationToken));
        await console.ReloadAsync(cancellationToken);
        var left = Open(await console.ShowAsync("SERVERS", cancellationToken)).Intersect(before).ToList();
        var ours = _setup.IsAuthUser
            ? left.Where(one => one.User == user).Select(one => one.Database)
            : left.Select(one => one.Database)
                .Intersect(await PoolerLoginPoolers.DatabasesByAsync(_setup, console, user, cancellationToken), StringComparer.Ordinal);
        foreach (var database in ours.Distinct(StringComparer.Ordinal))
        {
            await PgBouncerPoolers.QuietAsync(console, [database], _limit, cancellationToken);
            await console.ReconnectAsync(database, cancellationToken);
        }
    }

    /// <summary>Before RELOAD. It breaks nothing off at databases whose login keeps its name, and none for another auth_user; but where the
    /// text of the fallback entry changes, all that were opened by it.</summary>
    /// <returns>The connections to servers.</returns>
    private async Task<List<Dictionary<string, string?>>> QuietAsync(
        PgBouncerClient console, string user, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<string> databases = [];
        if (_setup.HasFallback || !_setup.IsAuthUser)
        {
            databases = [.. (await console.ShowAsync("DATABASES", cancellationToken))
                .Where(row => _setup.HasFallback || row.GetValueOrDefault("force_user") != user)
                .Select(row => row.GetValueOrDefault("name") ?? "")
                .Where(name => _setup.HasFallback || _setup.Databases.Contains(name, StringComparer.Ordinal))];
        }

        return await PgBouncerPoolers.QuietAsync(console, databases, _limit, cancellationToken);
    }

    private static IEnumerable<(string Database, string? User, string? Place, string? Process)> Open(
        List<Dictionary<string, string?>> servers) =>
        servers.Where(row => row.GetValueOrDefault("close_needed") == "0").Select(row => (
            row.GetValueOrDefault("database") ?? "",
            row.GetValueOrDefault("user"),
            row.GetValueOrDefault("ptr"),
            row.GetValueOrDefault("remote_pid")));

    private StepOutcome Outcome()
    {
        (string, string?)[] facts = [("poolers", _setup.ToString()), ("file", _setup.Location)];
        return _progress.MayHaveChanged ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
    }
}
