using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What is said to every pooler over its console.</summary>
internal static class PgBouncerPoolers
{
    /// <summary>A login takes about as long.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    /// <summary>Clients let go of connections now and then.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task<StepOutcome?> CheckConsoleAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        if (await WhySharedAsync(console, at, cancellationToken) is { } shared)
        {
            return shared;
        }

        var databases = await console.ShowAsync("DATABASES", cancellationToken);
        return databases.FirstOrDefault(row => row.GetValueOrDefault("name") == setup.Database)?.GetValueOrDefault(
            "force_user") is { Length: > 0 } forced
            ? StepOutcome.Rejected(
                $"The pooler at {at} logs everyone in to {setup.Database} as {forced} (user= in its [databases]), so no login reaches "
                    + "the server as itself. Take user= away there.")
            : null;
    }

    /// <summary>With so_reuseport several processes listen on one port, and the system picks one for each login: a word to one of them is
    /// none to the others. Null where that is not so.</summary>
    public static async Task<StepOutcome?> WhySharedAsync(
        PgBouncerClient console, PgBouncerEndpoint at, CancellationToken cancellationToken)
    {
        if (at.IsSocket)
        {
            return null;
        }

        var setting = (await console.ShowAsync("CONFIG", cancellationToken))
            .FirstOrDefault(row => row.GetValueOrDefault("key") == "so_reuseport")?.GetValueOrDefault("value");
        return setting is null or "0" or "no" or "off" or "false"
            ? null
            : StepOutcome.Rejected(
                $"The pooler at {at} has so_reuseport on: several processes may listen there, and only one of them would hear of a change. "
                    + "Give each process a unix_socket_dir of its own, and name those folders with the port in 'poolers'.");
    }

    /// <summary>
    /// The consoles are entered before the file is touched: whoever is refused there has changed nothing. RELOAD is said also if
    /// the file was right already, as an earlier attempt may have come no further.
    /// </summary>
    public static async Task<StepOutcome> ChangeAsync(
        PgBouncerSetup setup,
        TimeProvider time,
        PgBouncerProgress progress,
        Func<byte[]?, byte[]?> change,
        CancellationToken cancellationToken)
    {
        var consoles = new List<PgBouncerClient>();
        try
        {
            if (setup.File is not null || setup.Reconnects)
            {
                foreach (var at in setup.Poolers)
                {
                    consoles.Add(await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken));
                }
            }

            progress.MayHaveChanged = setup.File is not null && await setup.File.ChangeAsync(change, cancellationToken);
            var limit = new WaitLimit(time, setup.Timeout);
            foreach (var console in consoles)
            {
                await (setup.File is null ? Task.CompletedTask : console.ReloadAsync(cancellationToken));
                if (setup.Reconnects)
                {
                    await QuietAsync(console, [setup.Database], limit, cancellationToken);
                    await console.ReconnectAsync(setup.Database, cancellationToken);
                }
            }

            (string, string?)[] facts =
                [("poolers", setup.ToString()), ("file", setup.File?.Location ?? "none: the poolers ask the server")];
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

    /// <summary>
    /// Waits for a moment in which the pooler is not about to log in to the server of one of these databases. RECONNECT, and RELOAD
    /// where it changes a login, break such a login off, and PgBouncer takes that for a server that refuses it: while it has no other
    /// connection, clients are turned away for server_login_retry. After the limit it goes on: a login that hangs must not stop a
    /// rotation.
    /// </summary>
    /// <returns>Its connections to servers in that moment, those of other databases too.</returns>
    public static async Task<List<Dictionary<string, string?>>> QuietAsync(
        PgBouncerClient console,
        IReadOnlyCollection<string> databases,
        WaitLimit limit,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var servers = await console.ShowAsync("SERVERS", cancellationToken);
            if (!servers.Exists(row => row.GetValueOrDefault("state") == "new" && IsOf(row, databases)) || limit.IsOver)
            {
                return servers;
            }

            await limit.PauseAsync(Beat, cancellationToken);
        }
    }

    /// <summary>Waits until no connection from before RECONNECT is left to the servers of these databases. WAIT_CLOSE is no way: it waits
    /// for every database that anybody ever asked it about, and a PAUSE of another one ends it.</summary>
    /// <returns>False if some are left when the limit is reached.</returns>
    public static async Task<bool> HasReconnectedAsync(
        PgBouncerClient console,
        IReadOnlyCollection<string> databases,
        WaitLimit limit,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var servers = await console.ShowAsync("SERVERS", cancellationToken);
            if (!servers.Exists(row => row.GetValueOrDefault("close_needed") != "0" && IsOf(row, databases)))
            {
                return true;
            }

            if (limit.IsOver)
            {
                return false;
            }

            await limit.PauseAsync(Look, cancellationToken);
        }
    }

    private static bool IsOf(Dictionary<string, string?> row, IReadOnlyCollection<string> databases) =>
        databases.Contains(row.GetValueOrDefault("database") ?? "", StringComparer.Ordinal);
}
