using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What is said to every pooler over its console.</summary>
internal static class PgBouncerPoolers
{
    public static async Task<StepOutcome?> CheckConsoleAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        var databases = await console.ShowAsync("DATABASES", cancellationToken);
        return databases.FirstOrDefault(row => row.GetValueOrDefault("name") == setup.Database)?.GetValueOrDefault(
            "force_user") is { Length: > 0 } forced
            ? StepOutcome.Rejected(
                $"The pooler at {at} logs everyone in to {setup.Database} as {forced} (user= in its [databases]), so no login reaches "
                    + "the server as itself. Take user= away there.")
            : null;
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
            foreach (var console in consoles)
            {
                await (setup.File is null ? Task.CompletedTask : console.ReloadAsync(cancellationToken));
                await (setup.Reconnects ? console.ReconnectAsync(setup.Database, cancellationToken) : Task.CompletedTask);
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

    public static async Task<bool> HasReconnectedAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        return await console.WaitCloseAsync(setup.Database, cancellationToken);
    }
}
