using System.Globalization;
using Npgsql;

namespace Rotunda.Reencryption.Passes;

/// <summary>What the sessions are set to: by SET, as a pool that keeps a session for its client takes no options with the login. One that
/// would hand the session on to the application is refused by the preflight.</summary>
internal static class SessionSettings
{
    /// <summary>Nothing is cut off for lasting long, and a key's text is the same in every session, so that it finds its row
    /// again.</summary>
    private const string Always =
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET extra_float_digits = 3; SET DateStyle = ISO; SET "
            + "IntervalStyle = postgres; SET TimeZone = 'UTC'";

    /// <summary>For all but the rows. What is told to be done outlives a crash, whatever the database's own setting.</summary>
    public static Task OrdinaryAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        RunAsync(connection, $"{Always}; SET synchronous_commit = on", cancellationToken);

    /// <summary>For the rows: a batch that a failing server forgets is forgotten with its lane's place, and is done again. What a
    /// slice has done is made to last by <see cref="LaneSession.FlushAsync"/> before it is told.</summary>
    public static Task LaneAsync(NpgsqlConnection connection, TimeSpan lockTimeout, CancellationToken cancellationToken) =>
        RunAsync(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Always}; SET lock_timeout = {(long)lockTimeout.TotalMilliseconds}; SET synchronous_commit = off"),
            cancellationToken);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
