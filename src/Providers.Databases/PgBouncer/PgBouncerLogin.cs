using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using Rotunda.Network;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>Proves a value by logging in through a pooler, as a client does: afresh, with a query that the server answers.</summary>
internal static class PgBouncerLogin
{
    /// <summary>Done; RetryLater with what was seen; Rejected if a login proves nothing there.</summary>
    public static async Task<StepOutcome> TryAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        string user,
        string password,
        CancellationToken cancellationToken)
    {
        var (name, problem) = await AskAsync(setup, at, user, password, cancellationToken);
        return problem is not null ? problem
            : name == user
                ? StepOutcome.Done(("logged in", $"{user} at {at}"))
                : StepOutcome.Rejected(
                    $"The pooler at {at} logs everyone in as {name} (user= in its [databases]), so a login as {user} proves nothing. Take "
                        + "user= away there.");
    }

    /// <summary>Who the server says that the client is; else RetryLater with what was seen, or Rejected if the settings cannot be
    /// used.</summary>
    public static async Task<(string? SessionUser, StepOutcome? Problem)> AskAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        string user,
        string password,
        CancellationToken cancellationToken)
    {
        try
        {
            var builder = new NpgsqlDataSourceBuilder(Text(setup, at, user, password));
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
            await using var source = builder.Build();
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT session_user::text", connection);
            return ((string?)await command.ExecuteScalarAsync(cancellationToken), null);
        }
        catch (PostgresException refusal)
        {
            return (null, StepOutcome.RetryLater(
                $"The pooler at {at} refuses the login of {user} to {setup.Database} (SQLSTATE {refusal.SqlState})."));
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or IOException or SocketException
            or AuthenticationException)
        {
            return (null, StepOutcome.RetryLater(
                $"No login could be tried at the pooler at {at}{Causes.Told(problem)}. Check that it runs, and that "
                    + "'sslMode' suits it."));
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or NotSupportedException or CryptographicException
            or UnauthorizedAccessException)
        {
            return (null, StepOutcome.Rejected(
                "The settings make no usable connection. Check 'poolers', 'database', 'sslMode' and 'rootCertificate'."));
        }
    }

    /// <summary>A problem if the pooler cannot be asked, or lets anyone in.</summary>
    public static async Task<StepOutcome?> WhyProvesNothingAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        string user,
        CancellationToken cancellationToken)
    {
        var outcome = await TryAsync(setup, at, user, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), cancellationToken);
        return outcome switch
        {
            { Succeeded: true } =>
                StepOutcome.Rejected(
                    $"The pooler at {at} lets {user} in with any password (auth_type any or trust), so a login would prove nothing. Make "
                        + "it scram-sha-256."),
            { Kind: StepOutcomeKind.Rejected } => outcome,
            _ when outcome.Reason!.StartsWith("No login", StringComparison.Ordinal) => outcome,
            _ => null,
        };
    }

    private static string Text(PgBouncerSetup setup, PgBouncerEndpoint at, string user, string password)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = at.Host,
            Port = at.Port,
            Username = user,
            Password = password,
            Database = setup.Database,
            RootCertificate = setup.RootCertificate,
            ApplicationName = "rotunda verification",
            Pooling = false,
            Enlist = false,
            NoResetOnClose = true,
            GssEncryptionMode = GssEncryptionMode.Disable,
            IncludeErrorDetail = false,
            Timeout = (int)Math.Clamp(setup.Timeout.TotalSeconds, 1, 1024),
            CommandTimeout = (int)Math.Clamp(setup.Timeout.TotalSeconds, 1, 1024),
        };
        builder["SSL Mode"] = setup.SslMode.Replace("-", "");
        return builder.ConnectionString;
    }
}
