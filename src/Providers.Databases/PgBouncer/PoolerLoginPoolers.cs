using System.Security.Cryptography;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What the poolers show of their own login, and how it is proved.</summary>
internal static class PoolerLoginPoolers
{
    /// <summary>States of a connection to the server that has logged in.</summary>
    private static readonly string[] LoggedIn = ["active", "idle", "used", "tested"];

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

        return await WhyOtherAsync(setup, console, at, user, isMissingFine: false, cancellationToken);
    }

    /// <param name="isMissingFine">Somebody may have taken a database away meanwhile.</param>
    public static async Task<StepOutcome?> WhyOtherAsync(
        PoolerLoginSetup setup,
        PgBouncerClient console,
        PgBouncerEndpoint at,
        string user,
        bool isMissingFine,
        CancellationToken cancellationToken)
    {
        if (setup.IsAuthUser)
        {
            // The auth_user of a single database is shown nowhere.
            var known = !setup.IsOfAll ? user : (await console.ShowAsync("CONFIG", cancellationToken))
                .FirstOrDefault(row => row.GetValueOrDefault("key") == "auth_user")?.GetValueOrDefault("value");
            return known == user ? null : Stale(at, "auth_user", known, user);
        }

        var databases = await console.ShowAsync("DATABASES", cancellationToken);
        foreach (var name in setup.Databases.Where(name => name != PoolerLoginSetup.Fallback))
        {
            var row = databases.FirstOrDefault(row => row.GetValueOrDefault("name") == name);
            if (row is null && !isMissingFine)
            {
                return StepOutcome.RetryLater(
                    $"The pooler at {at} has no database {name}. It reads another file, or could not read this one: see its log.");
            }

            if (row is not null && row.GetValueOrDefault("force_user") is var forced && forced != user)
            {
                return Stale(at, $"user= of {name}", forced, user);
            }
        }

        return null;
    }

    /// <summary>False if connections from before RECONNECT are left when the limit is reached.</summary>
    public static async Task<bool> HasReconnectedAsync(
        PoolerLoginSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        WaitLimit limit,
        string user,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup.Console, at, time, cancellationToken);
        return await PgBouncerPoolers.HasReconnectedAsync(
            console, await DatabasesByAsync(setup, console, user, cancellationToken), limit, cancellationToken);
    }

    /// <summary>The databases that the pooler enters by this login. The fallback's are those that it has opened by it.</summary>
    public static async Task<IReadOnlyList<string>> DatabasesByAsync(
        PoolerLoginSetup setup, PgBouncerClient console, string user, CancellationToken cancellationToken) => !setup.HasFallback
        ? setup.Databases
        : [.. (await console.ShowAsync("DATABASES", cancellationToken))
            .Where(row => row.GetValueOrDefault("force_user") == user)
            .Select(row => row.GetValueOrDefault("name")!)];

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

    private static StepOutcome Stale(PgBouncerEndpoint at, string what, string? known, string user) => StepOutcome.RetryLater(
        $"The pooler at {at} has {(string.IsNullOrEmpty(known) ? "nobody" : known)} as {what}, and the file has {user}. It reads another "
            + "file, or stopped at a mistake elsewhere in this one: see its log.");
}
