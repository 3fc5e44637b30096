using Npgsql;

namespace Rotunda.Activities.Providers.PostgresRows.Passes;

/// <summary>
/// What the sessions are set to. It is asked for with the login, not by SET: a pool between here and the server would hand a session
/// that was SET to the application. One that cannot take it refuses the login.
/// </summary>
internal static class SessionSettings
{
    /// <summary>Nothing is cut off for lasting long, and a key's text is the same in every session, so that it finds its row again.</summary>
    private const string Always =
        "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c extra_float_digits=3 -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC";

    /// <summary>For all but the rows. What is told to be done outlives a crash, whatever the database's own setting.</summary>
    public static string Ordinary(RowsSetup setup) => With(setup, $"{Always} -c synchronous_commit=on");

    /// <summary>For the rows: a batch that a failing server forgets is forgotten with its lane's place, and is done again. What a
    /// slice has done is made to last by <see cref="LaneSession.FlushAsync"/> before it is told.</summary>
    public static string Lane(RowsSetup setup) => With(setup, $"{Always} -c lock_timeout={(long)setup.LockTimeout.TotalMilliseconds} -c synchronous_commit=off");

    private static string With(RowsSetup setup, string options) =>
        new NpgsqlConnectionStringBuilder(setup.Connection.ConnectionString) { Options = $"{setup.Connection.Options} {options}".Trim() }.ConnectionString;
}
