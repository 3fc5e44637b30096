using System.Net.Sockets;
using System.Security.Authentication;
using Azure.Identity;
using Npgsql;
using Rotunda.Network;
using Rotunda.Postgres;

namespace Rotunda.Ledger.Postgres;

/// <summary>What is wrong and what to do about it, in words. They name hosts, roles and error codes; never a password, a token or
/// a row.</summary>
internal static class PostgresLedgerFailures
{
    private const string GoesOn = "work goes on by itself";

    /// <summary>Null for what is no trouble of the database but a defect.</summary>
    public static string? Why(Exception exception, PostgresLedgerConnection to) => exception switch
    {
        PostgresException postgres => ByCode(postgres, to),
        _ when Causes.Has<AuthenticationFailedException>(exception) =>
            $"no Microsoft Entra token for {to.User}: the connection string has no password, so the login is by token. Give this process "
                + "an identity (managed identity, workload identity, az login), or a password. "
                + $"{First(Inner<AuthenticationFailedException>(exception).Message)}",
        _ when Causes.Has<AuthenticationException>(exception) =>
            $"the TLS connection to {to.Address} was refused: its certificate is not trusted here, or is for another name. Give the "
                + "authority's certificate with Root Certificate=… in the connection string.",
        _ when Causes.Has<SocketException>(exception) || Causes.Has<IOException>(exception) || Causes.Has<TimeoutException>(exception) =>
            $"PostgreSQL at {to.Address} cannot be reached, or the connection was lost. Check that it runs and that this host may "
                + $"connect to it; {GoesOn}.",
        NpgsqlException when exception.Message.Contains("SSL", StringComparison.Ordinal) =>
            $"PostgreSQL at {to.Address} gives no TLS. Turn it on there; or, where nobody else can listen on the way, write SSL "
                + "Mode=Disable in the connection string.",
        NpgsqlException when exception.Message.Contains("pool has been exhausted", StringComparison.Ordinal) =>
            $"every connection to {to.Address} is in use. Raise Maximum Pool Size in the connection string; {GoesOn}.",
        NpgsqlException => $"the connection to {to.Address} failed. Check that it runs and what the connection string says; {GoesOn}.",
        _ => null,
    };

    public static LedgerUnavailableException WrongVersion(PostgresLedgerConnection at, int found) => new(
        found == 0 ? Missing(at)
        : found < LedgerSchema.Version ? $"schema {at.Schema} at {at.Address} is of an older release (version {found}, this release "
            + $"needs {LedgerSchema.Version}). Run 'rotunda ledger migrate'."
        : $"schema {at.Schema} at {at.Address} was made by a newer release (version {found}, this release knows {LedgerSchema.Version}). "
            + "Start the newer release.");

    private static string? ByCode(PostgresException exception, PostgresLedgerConnection to) => exception.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => to.ByToken
            ? $"{to.Address} refuses the token as the login of {to.User} (SQLSTATE {exception.SqlState}). The role has to exist there "
                + "under the identity's name (pgaadauth_create_principal), and the token has to be that identity's."
            : $"{to.Address} refuses the login of {to.User} (SQLSTATE {exception.SqlState}). Check the user and the password behind the "
                + "connection string, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"there is no such database: {to.Address}. Create it, then run 'rotunda ledger migrate'.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"the role {to.User} lacks a right on schema {to.Schema} at {to.Address}. Run 'rotunda ledger migrate --grant {to.User}' "
                + "with the login of the schema's owner.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{to.Address} is read-only (a replica, or a server that has run out of storage). Give the primary's address in the "
                + "connection string, or free storage.",
        PostgresErrorCodes.DiskFull => $"the disk of {to.Address} is full. Free some space there; {GoesOn}.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn => Missing(to),
        PostgresErrorCodes.TooManyConnections =>
            $"{to.Address} takes no more connections. Lower Maximum Pool Size in the connection string, or raise max_connections "
                + $"there; {GoesOn}.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"the database at {to.Address} is damaged. Restore it from a backup.",
        _ when SqlStates.IsPassing(exception.SqlState) => $"{to.Address} cannot do it now (SQLSTATE {exception.SqlState}); {GoesOn}.",
        var code when SqlStates.Cause(code) is { } cause => $"{to.Address} refuses (SQLSTATE {code}): {cause}.",
        _ => null,
    };

    private static string Missing(PostgresLedgerConnection at) =>
        $"there is no ledger in schema {at.Schema} at {at.Address}. Make it with 'rotunda ledger migrate'.";

    private static T Inner<T>(Exception exception)
        where T : Exception => exception as T ?? Inner<T>(exception.InnerException!);

    private static string First(string message) => message.Split('\n')[0].Trim();
}
