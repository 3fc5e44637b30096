using System.Security.Cryptography;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What the poolers are told, and what they show of their own login.</summary>
internal static class PoolerLoginPoolers
{
    /// <summary>States of a connection to the server that has logged in.</summary>
    private static readonly string[] LoggedIn = ["active", "idle", "used", "tested"];

    /// <summary>
    /// The consoles are entered before a file is touched: whoever is refused there has changed nothing. RELOAD is said, and RECONNECT
    /// where RELOAD leaves connections from before, also if the files were right already: an earlier attempt may have come no further.
    /// </summary>
    /// <param name="user">The name that stands there afterwards.</param>
    /// <param name="change">True if it changed a file.</param>
    public static async Task<StepOutcome> ChangeAsync(
        PoolerLoginSetup setup,
        TimeProvider time,
        PgBouncerProgress progress,
        string user,
        Func<Task<bool>> change,
        CancellationToken cancellationToken)
    {
        var consoles = new List<PgBouncerClient>();
        try
        {
            foreach (var at in setup.Console.Poolers)
            {
                consoles.Add(await PgBouncerClient.OpenAsync(setup.Console, at, time, cancellationToken));
            }

            progress.MayHaveChanged = await change();
            foreach (var console in consoles)
            {
                await ReadAgainAsync(setup, console, user, time, cancellationToken);
            }

            (string, string?)[] facts = [("poolers", setup.ToString()), ("file", setup.Location)];
            return progress.MayHaveChanged ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
        }
        finally
        {
            foreach (var console in consoles)
            {
                await console.DisposeAsync();
            }
        }
    }

    /// <summary>RELOAD closes connections by a login whose name has changed; those by another password of the same name are left to
    /// RECONNECT.</summary>
    private static async Task ReadAgainAsync(
        PoolerLoginSetup setup,
        PgBouncerClient console,
        string user,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var before = Open(await PgBouncerPoolers.QuietAsync(console, setup.Console.Timeout, time, cancellationToken));
        await console.ReloadAsync(cancellationToken);
        var left = Open(await console.ShowAsync("SERVERS", cancellationToken)).Intersect(before).ToList();
        if (setup.IsAuthUser || IsFallback(setup))
        {
            await ReconnectAsync(null, left.Exists(one => !setup.IsAuthUser || one.User == user));
            return;
        }

        foreach (var database in setup.Databases)
        {
            await ReconnectAsync(database, left.Exists(one => one.Database == database));
        }

        async Task ReconnectAsync(string? database, bool isNeeded)
        {
            if (isNeeded)
            {
                await PgBouncerPoolers.QuietAsync(console, setup.Console.Timeout, time, cancellationToken);
                await console.ReconnectAsync(database, cancellationToken);
            }
        }

        static IEnumerable<(string? Database, string? User, string? Place, string? Process)> Open(
            List<Dictionary<string, string?>> servers) =>
            servers.Where(row => row.GetValueOrDefault("close_needed") == "0").Select(row => (
                row.GetValueOrDefault("database"),
                row.GetValueOrDefault("user"),
                row.GetValueOrDefault("ptr"),
                row.GetValueOrDefault("remote_pid")));
    }

    /// <summary>A problem if the pooler has another login than this one; null if it has it.</summary>
    public static async Task<StepOutcome?> WhyOtherAsync(
        PoolerLoginSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        string user,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup.Console, at, time, cancellationToken);
        if (await PgBouncerPoolers.WhySharedAsync(console, at, cancellationToken) is { } shared)
        {
            return shared;
        }

        if (setup.IsAuthUser)
        {
            // The auth_user of a single database is shown nowhere.
            var known = setup.Databases.Count > 0 ? user : (await console.ShowAsync("CONFIG", cancellationToken))
                .FirstOrDefault(row => row.GetValueOrDefault("key") == "auth_user")?.GetValueOrDefault("value");
            return known == user ? null : Stale(at, "auth_user", known, user);
        }

        var databases = await console.ShowAsync("DATABASES", cancellationToken);
        foreach (var name in setup.Databases.Where(name => name != PoolerLoginSetup.Fallback))
        {
            if (databases.FirstOrDefault(row => row.GetValueOrDefault("name") == name) is not { } row)
            {
                return StepOutcome.RetryLater(
                    $"The pooler at {at} has no database {name}. It reads another file, or could not read this one: see its log.");
            }

            if (row.GetValueOrDefault("force_user") is var forced && forced != user)
            {
                return Stale(at, $"user= of {name}", forced, user);
            }
        }

        return null;
    }

    /// <summary>False if connections from before RECONNECT are left.</summary>
    public static async Task<bool> HasReconnectedAsync(
        PoolerLoginSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        string user,
        CancellationToken cancellationToken)
    {
        foreach (var database in await DatabasesOfAsync(setup, at, time, user, cancellationToken))
        {
            if (!await PgBouncerPoolers.HasReconnectedAsync(
                setup.Console with { Database = database }, at, time, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Done if the pooler gets through to the server by its login now; RetryLater with what was seen if not.</summary>
    public static async Task<StepOutcome> ProveAsync(
        PoolerLoginSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        string user,
        CancellationToken cancellationToken)
    {
        foreach (var database in setup.ProvedWith)
        {
            var console = setup.Console with { Database = database };
            var outcome = setup.IsAuthUser
                ? await ProveLookUpAsync(setup, console, at, time, user, cancellationToken)
                : await ProveLoginAsync(setup, console, at, user, cancellationToken);
            if (!outcome.Succeeded)
            {
                return outcome;
            }
        }

        return StepOutcome.Done(("reaches the server as", user));
    }

    private static async Task<StepOutcome> ProveLoginAsync(
        PoolerLoginSetup setup,
        PgBouncerSetup console,
        PgBouncerEndpoint at,
        string user,
        CancellationToken cancellationToken)
    {
        var (name, problem) =
            await PgBouncerLogin.AskAsync(console, at, setup.ClientUser, setup.ClientPassword ?? "", cancellationToken);
        return problem is not null
            ? problem with
            {
                Reason = $"{problem.Reason} Either the server refuses {user}, or the pooler does not let this client in: set 'clientUser' "
                    + "and 'clientPassword' to one that it does. Its log says which.",
            }
            : name == user ? StepOutcome.Done() : StepOutcome.RetryLater(
                $"The pooler at {at} enters {console.Database} at the server as {name}, not as {user}.");
    }

    /// <summary>A client that no auth_file has is looked up by auth_query, for which the pooler has to get through. Whether its password
    /// is right does not matter: what is looked up leaves a connection of the auth_user.</summary>
    private static async Task<StepOutcome> ProveLookUpAsync(
        PoolerLoginSetup setup,
        PgBouncerSetup console,
        PgBouncerEndpoint at,
        TimeProvider time,
        string user,
        CancellationToken cancellationToken)
    {
        await PgBouncerLogin.AskAsync(
            console,
            at,
            setup.ClientUser,
            setup.ClientPassword ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            cancellationToken);
        await using var session = await PgBouncerClient.OpenAsync(console, at, time, cancellationToken);
        return (await session.ShowAsync("SERVERS", cancellationToken)).Exists(row =>
            row.GetValueOrDefault("user") == user
            && row.GetValueOrDefault("close_needed") == "0"
            && LoggedIn.Contains(row.GetValueOrDefault("state"), StringComparer.Ordinal))
            ? StepOutcome.Done()
            : StepOutcome.RetryLater(
                $"The pooler at {at} was made to look up {setup.ClientUser} in {console.Database}, and has no connection of its auth_user "
                    + $"{user} to do it by. Either the server refuses that one's password, or 'clientUser' is no role there or has a line "
                    + "of its own in auth_file. The pooler's log says which.");
    }

    /// <summary>The fallback's databases are those that the pooler has opened by it.</summary>
    private static async Task<IReadOnlyList<string>> DatabasesOfAsync(
        PoolerLoginSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        string user,
        CancellationToken cancellationToken)
    {
        if (!IsFallback(setup))
        {
            return setup.Databases;
        }

        await using var console = await PgBouncerClient.OpenAsync(setup.Console, at, time, cancellationToken);
        return [.. (await console.ShowAsync("DATABASES", cancellationToken))
            .Where(row => row.GetValueOrDefault("force_user") == user)
            .Select(row => row.GetValueOrDefault("name")!)];
    }

    private static bool IsFallback(PoolerLoginSetup setup) =>
        setup.Databases.Contains(PoolerLoginSetup.Fallback, StringComparer.Ordinal);

    private static StepOutcome Stale(PgBouncerEndpoint at, string what, string? known, string user) => StepOutcome.RetryLater(
        $"The pooler at {at} has {(string.IsNullOrEmpty(known) ? "nobody" : known)} as {what}, and the file has {user}. It reads another "
            + "file, or stopped at a mistake elsewhere in this one: see its log.");
}
