using Npgsql;

namespace Rotunda.Postgres;

/// <summary>What PostgreSQL's error codes mean. Each is judged by itself: a class ("55", "53") holds what is over in a moment beside what
/// stays until somebody mends it.</summary>
public static class SqlStates
{
    private const string IdleInTransactionTimeout = "25P03";
    private const string TransactionTimeout = "25P04";
    private const string IdleSessionTimeout = "57P05";

    /// <summary>The same statement may do later, though nobody mends anything: a lock, a full disk, a restart, a lost connection.</summary>
    public static bool IsPassing(string code) => code is
        PostgresErrorCodes.ConnectionException or PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection
        or PostgresErrorCodes.ConnectionDoesNotExist or PostgresErrorCodes.SqlServerRejectedEstablishmentOfSqlConnection
        or PostgresErrorCodes.ConnectionFailure or PostgresErrorCodes.TransactionResolutionUnknown
        // Poolers answer nearly everything with this one, what passes too.
        or PostgresErrorCodes.ProtocolViolation
        or IdleInTransactionTimeout or TransactionTimeout
        or PostgresErrorCodes.TransactionRollback or PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.StatementCompletionUnknown or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.InsufficientResources or PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory
        or PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.OperatorIntervention or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.SystemError or PostgresErrorCodes.IoError
        // "tuple concurrently updated" comes as this one.
        or PostgresErrorCodes.InternalError
        || EndsTheSession(code);

    /// <summary>The server closed the session: what it was doing may be done.</summary>
    public static bool EndsTheSession(string code) =>
        code is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleSessionTimeout;

    /// <summary>The cause, for people, of what stays until it is mended and is not a matter of the statement alone; null if nothing is
    /// known of the code.</summary>
    public static string? Cause(string code) => code switch
    {
        PostgresErrorCodes.ObjectNotInPrerequisiteState =>
            "what is asked for needs something that is not so: a database that takes no connections, or a table in a publication that "
                + "has no replica identity",
        PostgresErrorCodes.ConfigurationLimitExceeded => "a limit of the server's configuration is reached (temp_file_limit, for one)",
        PostgresErrorCodes.DatabaseDropped => "the database was dropped",
        PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.DuplicateFile => "the server's data directory lacks a file, or has one "
            + "too many",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            "its data or an index is damaged: restore it from a backup",
        PostgresErrorCodes.DiskFull => "its disk is full: free some space there",
        PostgresErrorCodes.OutOfMemory => "it has no memory left",
        PostgresErrorCodes.TooManyConnections =>
            "every connection is taken: see max_connections there, and the connection limits of the role and the database",
        PostgresErrorCodes.QueryCanceled => "the statement was cut off, by statement_timeout or by a person",
        PostgresErrorCodes.CannotConnectNow => "it is starting or shutting down",
        _ => null,
    };
}
