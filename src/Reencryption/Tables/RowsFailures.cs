using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Rotunda.Network;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Reencryption.Formats;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption.Tables;

/// <summary>What an exception means for a step. Reasons name tables, keys of rows and error codes; never what a row holds.</summary>
internal static class RowsFailures
{
    /// <summary>True for what the server, the network, the rows or the settings can answer with; anything else is a defect.</summary>
    public static bool Explains(Exception exception) =>
        exception is RowsStoppedException or RowFormatException or LaneTakenException || PostgresFailures.Explains(exception);

    /// <summary>Over by itself, perhaps soon: a lock, a deadlock.</summary>
    public static bool IsPassing(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure;

    /// <summary>The update itself is refused, for what the row or its table is: a trigger, a constraint, a length, no replica
    /// identity. What the server does for everyone alike (out of reach, read-only, damaged) is not.</summary>
    public static bool IsRefusal(PostgresException exception) =>
        !SqlStates.IsPassing(exception.SqlState) && exception.SqlState[..2] is not ("25" or "28" or "3D" or "53" or "57" or "58" or "XX");

    /// <summary>A publication cannot tell the row: it has no replica identity, or one without columns that the publication is limited
    /// by.</summary>
    public static bool IsUnidentified(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InvalidColumnReference;

    public static string Refusal(RowsTable table, string which, PostgresException refused)
    {
        var what = refused.SqlState[..2] switch
        {
            _ when IsUnidentified(refused) => "a publication of the table cannot tell the row (its replica identity is missing, or lacks "
                + "a column that the publication's list or condition names)",
            "P0" => "a trigger refuses it",
            "23" => $"the constraint {refused.ConstraintName ?? "of the table"} refuses it",
            "22" => "the new value does not fit the column; make it longer",
            "42" => "the role lacks the right",
            _ => "the server refuses it",
        };
        var notes = table.Notes.Count == 0 ? "" : $" ({string.Join("; ", table.Notes)})";
        return $"{table.Name} cannot take the new value of {which}: {what} (SQLSTATE {refused.SqlState}){notes}. Let the role "
            + $"{(refused.SqlState[..2] == "P0" ? "pass the trigger" : "write it")}, then go on.";
    }

    /// <param name="written">Some of the step's rows are written already: it can no longer be said that nothing happened.</param>
    /// <param name="far">How far it is, for people; null where nothing is kept.</param>
    public static StepOutcome Of(Exception exception, RowsSetup? setup, bool written, string? far)
    {
        var (reason, mayPass) = Read(exception, setup);
        if (!written)
        {
            return mayPass ? StepOutcome.RetryLater(reason) : StepOutcome.Rejected(reason);
        }

        return StepOutcome.Unknown(
            $"{reason}{(far is null ? "" : " " + far)} What is done is kept: a resume goes on from there, a rollback goes "
                + "back from there.");
    }

    private static (string Reason, bool MayPass) Read(Exception exception, RowsSetup? setup)
    {
        var at = setup is null ? "the server" : $"{setup.Connection.Host}:{setup.Connection.Port}";
        return exception switch
        {
            RowsStoppedException stopped => (stopped.Message, stopped.MayPass),
            OutcomeException failure => (failure.Message, failure.Outcome.Kind == StepOutcomeKind.RetryLater),
            PostgresSetupException => (exception.Message, false),
            LaneTakenException =>
                ("Another session is still at work on the same rows (one of a process that was killed?). It is waited for.", true),
            PostgresException postgres => ByCode(postgres, at, setup),
            _ when Causes.Has<AuthenticationException>(exception) =>
                (
                    $"The TLS connection to {at} could not be made. Check 'sslMode' and 'rootCertificate' against the server's "
                        + "certificate.",
                    false),
            _ when Causes.Has<TimeoutException>(exception)
                || Causes.Has<SocketException>(exception)
                || Causes.Has<IOException>(exception) =>
                (
                    $"The connection to PostgreSQL at {at} was lost or could not be made. Check that it runs and that this host may "
                        + "connect to it.",
                    true),
            NpgsqlException =>
                (
                    $"The connection to {at} was not made: the server asks for something that the settings do not give (a password, or "
                        + "TLS). Check 'password' or 'connection', and 'sslMode'.",
                    false),
            _ =>
                (
                    "The settings make no usable PostgreSQL connection. Check 'connection', 'sslMode', 'rootCertificate' and "
                        + "'connectTimeout'.",
                    false),
        };
    }

    private static (string Reason, bool MayPass) ByCode(
        PostgresException exception,
        string at,
        RowsSetup? setup) => exception.SqlState switch
    {
        PostgresErrorCodes.DiskFull =>
            ($"The disk of {at} is full (SQLSTATE {exception.SqlState}). Free some space there, or run VACUUM on the tables.", true),
        PostgresErrorCodes.LockNotAvailable =>
            (
                $"The application holds a lock on rows for longer than lockTimeout ({setup?.LockTimeout.TotalSeconds:0.###} s). End its "
                    + "open transaction, or give more time.",
                true),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            (
                $"Batches and the application keep getting in each other's way at {at} (SQLSTATE {exception.SqlState}). A smaller "
                    + "'batch' helps.",
                true),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            (
                $"{at} refuses the login (SQLSTATE {exception.SqlState}). Check the user and password behind 'connection' or 'password', "
                    + "and the server's pg_hba.conf.",
                false),
        PostgresErrorCodes.InvalidCatalogName =>
            ($"The database does not exist at {at}. Set 'database' (or the one in 'connection') to one that does.", false),
        PostgresErrorCodes.InsufficientPrivilege =>
            ($"The role lacks a right at {at} (SQLSTATE {exception.SqlState}). The preflight names those it needs.", false),
        PostgresErrorCodes.ReadOnlySqlTransaction => ($"{at} is read-only (a standby?). Give the primary's address.", false),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            ($"A table or column is gone at {at} (SQLSTATE {exception.SqlState}). Put it back as it was, or roll back.", false),
        var code when SqlStates.IsPassing(code) => ($"PostgreSQL at {at} cannot do it now ({Told(code)}).", true),
        var code => ($"PostgreSQL at {at} refused ({Told(code)}). The server's log says more.", false),
    };

    private static string Told(string code) => SqlStates.Cause(code) is { } cause ? $"SQLSTATE {code}: {cause}" : $"SQLSTATE {code}";
}
