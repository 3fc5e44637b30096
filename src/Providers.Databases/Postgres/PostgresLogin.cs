using System.Security.Cryptography;
using Npgsql;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Proves a password by logging in with it: afresh, unpooled, at the address that applications use.</summary>
internal static class PostgresLogin
{
    public static async Task<Verification> TryAsync(
        PostgresSetup setup,
        string account,
        string password,
        CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(setup, account, password, cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return Untried(setup, exception);
        }
    }

    /// <summary>What stands in the way of proving passwords: any would do (pg_hba trust), or there is no way to where applications log
    /// in. Null if nothing does.</summary>
    public static async Task<StepOutcome?> ObstacleAsync(PostgresSetup setup, string account, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(setup, account, Nobodys(), cancellationToken) is { Validity: Validity.Valid } or { Authenticates: true }
                ? StepOutcome.Rejected(TrustAdvice(setup, account))
                : null;
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return StepOutcome.RetryLater($"{Untried(setup, exception).Detail} It is where new passwords are verified.");
        }
    }

    /// <exception cref="Exception">One that <see cref="PostgresFailures.Explains"/> knows: no server answered the login.</exception>
    private static async Task<Verification> OpenAsync(
        PostgresSetup setup,
        string account,
        string password,
        CancellationToken cancellationToken)
    {
        var login = setup.Login(account, password);
        var at = $"{login.Host}:{login.Port}";
        try
        {
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT session_user::text", connection);
            var user = (string?)await command.ExecuteScalarAsync(cancellationToken);

            // Not current_user: that one is the owner's where the account has SET role.
            return user == account
                ? await PostgresRightsTry.RunAsync(setup, connection, at, account, cancellationToken)
                : new(
                    Validity.CannotTell,
                    $"{at} logs everyone in as {user} (a pooler with a fixed user?), so a login as {account} proves nothing. Set "
                        + "'verifyHost' and 'verifyPort' to an address that passes the login through.");
        }
        catch (PostgresException exception)
        {
            return Refused(exception, at, account);
        }
    }

    private static Verification Untried(PostgresSetup setup, Exception exception)
    {
        var login = setup.Login("", "");
        var why = Causes.Told(exception);
        return new(
            Validity.CannotTell,
            $"No login could be tried at {login.Host}:{login.Port}{why}. Check that it is reachable and that 'sslMode' suits it.");
    }

    private static string Nobodys() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>True if any password would do (pg_hba trust): then a successful login proves nothing.</summary>
    public static async Task<bool> AcceptsAnythingAsync(PostgresSetup setup, string account, CancellationToken cancellationToken)
    {
        return await TryAsync(setup, account, Nobodys(), cancellationToken) is { Validity: Validity.Valid } or { Authenticates: true };
    }

    public static string TrustAdvice(PostgresSetup setup, string account)
    {
        var login = setup.Login(account, "");
        return $"{login.Host}:{login.Port} lets {account} in with any password (trust in pg_hba.conf), so verification would prove "
            + "nothing. Make that line scram-sha-256, or set 'verifyHost' to an address that asks for passwords.";
    }

    private static Verification Refused(PostgresException exception, string at, string account) => exception switch
    {
        { SqlState: PostgresErrorCodes.InvalidPassword } => new(Validity.Invalid, $"{at} refuses the password of {account}."),
        // No line of pg_hba.conf lets us in from here, or it asks for something other than a password.
        { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification, Routine: "ClientAuthentication" or "auth_failed" } =>
            new(
                Validity.CannotTell,
                $"{at} lets {account} not log in by password from here. Add a line to pg_hba.conf, or set 'verifyHost' to an address "
                    + "that has one."),
        // The server looks at these only once the password is proven: whether the role may use the database, and whether there is room.
        { Routine: "CheckMyDatabase" or "InitPostgres" or "InitializeSessionUserId" }
            when exception.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.TooManyConnections
                or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState =>
            new(
                Validity.Valid,
                $"{at} takes the password of {account}, and then refuses the session (SQLSTATE {exception.SqlState}): see 'verifyDatabase' "
                    + "and the role's CONNECT right and connection limit."),
        { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            new(Validity.Invalid, $"{at} does not let {account} log in (no such role, or NOLOGIN)."),
        _ => new(Validity.CannotTell, $"{at} answered SQLSTATE {exception.SqlState} to a login as {account}."),
    };
}
