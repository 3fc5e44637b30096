using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Rotunda.Network;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>What an exception means for a step. Reasons name roles, hosts and error codes; never a value or a connection string.</summary>
internal static class PostgresFailures
{
    /// <summary>True for what the server, the network or the settings can answer with; anything else is a defect and is thrown
    /// on.</summary>
    public static bool Explains(Exception exception) =>
        exception is PostgresSetupException or OutcomeException or NpgsqlException
            or TimeoutException or IOException or SocketException
            or FormatException or AuthenticationException or NotSupportedException or ArgumentException;

    /// <summary>The connection never opened, or a statement that changes nothing failed: nothing happened.</summary>
    public static StepOutcome BeforeAnything(Exception exception, PostgresSetup? setup) => exception switch
    {
        OutcomeException failure => failure.Outcome,
        PostgresSetupException => StepOutcome.Rejected(exception.Message),
        PostgresException postgres => ByCode(postgres, setup),
        _ when Causes.Has<AuthenticationException>(exception) =>
            StepOutcome.Rejected(
                $"The TLS connection to {Address(setup)} could not be made. Check 'sslMode' and 'rootCertificate' against the server's "
                    + "certificate."),
        _ when Causes.Has<TimeoutException>(exception) || Causes.Has<SocketException>(exception) || Causes.Has<IOException>(exception) =>
            StepOutcome.RetryLater(
                $"PostgreSQL at {Address(setup)} cannot be reached{Causes.Unreached(exception)}. Check that it runs and that this "
                    + "host may connect to it."),

        // The driver tells these two apart by its words alone.
        NpgsqlException when exception.Message.Contains("No SSL enabled connection", StringComparison.Ordinal) =>
            StepOutcome.Rejected(
                $"PostgreSQL at {Address(setup)} offers no TLS, and 'sslMode' asks for it. Turn it on there (ssl = on), or take another "
                    + "'sslMode'."),
        NpgsqlException when exception.Message.Contains("for SSLRequest", StringComparison.Ordinal) =>
            StepOutcome.Rejected($"What listens at {Address(setup)} is not PostgreSQL. Check 'host' and 'port', or 'connection'."),
        NpgsqlException =>
            StepOutcome.Rejected(
                $"The connection to {Address(setup)} was not made: the server asks for something that the settings do not give (a "
                    + "password, or TLS). Check 'password' or 'connection', and 'sslMode'."),
        _ =>
            StepOutcome.Rejected(
                "The settings make no usable PostgreSQL connection. Check 'connection', 'sslMode', 'rootCertificate' and "
                    + "'connectTimeout'."),
    };

    /// <summary>A changing statement was sent. An answer of the server means that the transaction was rolled back; silence means
    /// nothing.</summary>
    public static StepOutcome AfterSending(Exception exception, PostgresSetup setup, string what) => exception switch
    {
        // It may have committed before.
        PostgresException ended when EndsTheSession(ended) =>
            StepOutcome.Unknown($"The server, or a pooler before it, closed the session while {what} (SQLSTATE {ended.SqlState})."),
        PostgresException postgres => ByCode(postgres, setup),
        _ => StepOutcome.Unknown($"The connection to {Address(setup)} was lost while {what}."),
    };

    /// <summary>A pooler whose server died answers with a protocol violation, and FATAL.</summary>
    private static bool EndsTheSession(PostgresException exception) =>
        exception.InvariantSeverity is "FATAL" or "PANIC" || exception.SqlState.StartsWith("08", StringComparison.Ordinal)
        || exception.SqlState == PostgresErrorCodes.StatementCompletionUnknown || SqlStates.EndsTheSession(exception.SqlState);

    private static StepOutcome ByCode(PostgresException exception, PostgresSetup? setup)
    {
        var at = Address(setup);
        return exception.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                StepOutcome.Rejected(
                    $"PostgreSQL at {at} refuses the administrator's login (SQLSTATE {exception.SqlState}). Check the user and password "
                        + "behind "
                        + "'connection' or 'password', and the server's pg_hba.conf."),
            PostgresErrorCodes.InvalidCatalogName =>
                StepOutcome.Rejected(
                    $"The database to connect to does not exist at {at}. Set 'database' (or the one in 'connection') to one that does."),
            PostgresErrorCodes.InsufficientPrivilege => StepOutcome.Rejected(
                $"The administrator {Administrator(setup)} lacks the right at {at}. As a superuser, run: "
                    + $"{string.Join(' ', MissingGrants(setup))}"),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                StepOutcome.Rejected(
                    $"PostgreSQL at {at} is read-only (a standby?). Give the primary's address in 'connection' or "
                        + "'host'."),
            PostgresErrorCodes.UndefinedObject =>
                StepOutcome.Rejected(
                    $"A role that is needed does not exist at {at}. Check 'accounts', 'role' and 'ownerRole', or set "
                        + "createAccounts: true."),
            PostgresErrorCodes.InvalidParameterValue =>
                StepOutcome.Rejected(
                    $"PostgreSQL at {at} refuses a parameter (SQLSTATE {exception.SqlState}). See the server's log for "
                        + "which."),
            var code when SqlStates.IsPassing(code) => StepOutcome.RetryLater($"PostgreSQL at {at} cannot do it now ({Told(code)})."),
            var code => StepOutcome.Rejected($"PostgreSQL at {at} refused ({Told(code)}). See the server's log for more."),
        };
    }

    /// <summary>The grants an administrator needs, for any version: those it has already are harmless.</summary>
    public static IEnumerable<string> MissingGrants(PostgresSetup? setup)
    {
        var admin = Administrator(setup);
        yield return AdvisedSql.LetCreateRoles(admin);
        foreach (var account in setup?.Accounts ?? [])
        {
            yield return AdvisedSql.LetAdminister(account, admin);
        }

        if (setup is { EndSessions: true })
        {
            yield return AdvisedSql.LetEndSessions(admin);
        }
    }

    /// <summary>The role that the connection is opened with: without one in the settings, the one that the driver takes.</summary>
    public static string Administrator(PostgresSetup? setup) => setup?.Admin.Username is { } user && SqlText.IsIdentifier(user)
        ? user
        : Environment.GetEnvironmentVariable("PGUSER") is { Length: > 0 } given ? given : Environment.UserName;

    public static string Address(PostgresSetup? setup) => setup is null ? "the server" : $"{setup.Admin.Host}:{setup.Admin.Port}";

    private static string Told(string code) => SqlStates.Cause(code) is { } cause ? $"SQLSTATE {code}: {cause}" : $"SQLSTATE {code}";
}
