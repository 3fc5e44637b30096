using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Data.SqlClient;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>What an exception means for a step. Reasons name servers, logins and error numbers; never what the server wrote, which may
/// quote a value.</summary>
internal static class SqlServerFailures
{
    /// <summary>From here on the server ends the session, and says nothing sure of what it did. So do the driver's own errors.</summary>
    private const int EndsTheSession = 20;

    /// <summary>True for what the server, the network or the settings can answer with; anything else is a defect and is thrown
    /// on.</summary>
    public static bool Explains(Exception exception) => exception is SqlServerSetupException or OutcomeException or SqlException
        or TimeoutException or IOException or SocketException or AuthenticationException or CryptographicException or NotSupportedException
        or SqlServerClosedException;

    /// <summary>The numbers of all that the server said. None if it said nothing: the network or the driver failed.</summary>
    public static IReadOnlyList<int> Numbers(Exception exception) => exception is SqlException told
        ? [.. told.Errors.Cast<SqlError>().Where(error => error is { Number: > 0, Class: < EndsTheSession }).Select(error => error.Number)]
        : [];

    /// <summary>No change was sent: nothing happened.</summary>
    public static StepOutcome BeforeAnything(Exception exception, SqlServerSetup? setup, string? at = null)
    {
        var server = at ?? setup?.Server ?? "The server";
        return exception switch
        {
            OutcomeException failure => failure.Outcome,
            SqlServerSetupException => StepOutcome.Rejected(exception.Message),
            NotSupportedException => StepOutcome.Rejected(
                "The driver for SQL Server needs culture data, and this process of Rotunda runs without. Install ICU (libicu), and take "
                    + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT out of the environment."),
            _ when Causes.Has<AuthenticationException>(exception) || Causes.Has<CryptographicException>(exception) => StepOutcome.Rejected(
                $"The TLS connection to {server} could not be made. Check 'encrypt' and the server's certificate: where no authority "
                    + "vouches for it, give it as 'serverCertificate'; where it has another name, give that as 'certificateName'."),
            _ when Numbers(exception) is { Count: > 0 } numbers => ByNumber(numbers, setup, server),
            SqlException { Number: NoEncryption } => StepOutcome.Rejected(
                $"{server} offers no TLS. Give it a certificate; 'encrypt: optional' is for this machine only."),
            _ => StepOutcome.RetryLater(
                $"{server} cannot be reached{Unreached(exception)}. Check 'server' and 'replicas', that TCP is enabled there, and "
                    + "that this machine may connect."),
        };
    }

    /// <summary>A changing statement was sent. Only a refusal that is known to come before any doing means that nothing of it happened.
    /// </summary>
    public static StepOutcome AfterSending(Exception exception, SqlServerSetup setup, string at, string what) =>
        Numbers(exception) is { Count: > 0 } numbers && numbers.Count == ((SqlException)exception).Errors.Count
            ? numbers.All(BeforeDoing)
                ? ByNumber(numbers, setup, at)
                : StepOutcome.Unknown($"{at} answered {Said(exception)} while {what}, which does not tell whether it is done.")
            : StepOutcome.Unknown($"The connection to {at} was lost while {what} ({Said(exception)}).");

    /// <summary>A policy that remembers passwords says so of one that is set already, too.</summary>
    public static bool MayBeRepeated(SqlException exception) => Numbers(exception) is { Count: > 0 } numbers
        && numbers.All(number => number is 15114 or 15115);

    /// <summary>Passwords, rights, words, what the server is, and locks that were not had.</summary>
    private static bool BeforeDoing(int number) => number is (>= 15114 and <= 15120) or (>= 33062 and <= 33064) or (>= 40630 and <= 40632)
        or 102 or 156 or 229 or 262 or 297 or 300 or 1204 or 1205 or 1222 or 3906 or 3908 or 6102 or 15007 or 15151 or 15247;

    /// <summary>For people: what kind of failure it was, without what anybody wrote.</summary>
    public static string Said(Exception exception) => exception is SqlException { Number: var number }
        ? $"error {number.ToString(CultureInfo.InvariantCulture)}"
        : exception.GetType().Name;

    private static string Unreached(Exception exception) =>
        Causes.Unreached(exception) is { Length: > 0 } why ? why : $" ({Said(exception)})";

    private const int NoEncryption = 20;

    private static StepOutcome ByNumber(IReadOnlyList<int> numbers, SqlServerSetup? setup, string at)
    {
        var user = setup?.User ?? "Rotunda's login";
        var told = string.Join(", ", numbers.Distinct().Select(number => number.ToString(CultureInfo.InvariantCulture)));
        foreach (var number in numbers)
        {
            switch (number)
            {
                case 15116 or 33062 or 40630:
                    return StepOutcome.Rejected($"{at} takes no such password: it is too short (error {number}). Set 'value' to a "
                        + "longer one.");
                case 15117 or 33063 or 40631:
                    return StepOutcome.Rejected($"{at} takes no such password: it is too long (error {number}). Set 'value' to a "
                        + "shorter one.");
                case 15118 or 33064 or 40632:
                    return StepOutcome.NewValueNeeded(
                        $"{at} takes no such password: it is not complex enough (error {number}). Say in 'value' what it has to be "
                            + "like: letters of both cases, digits and other characters, and nothing of the login's name.");
                case 15115 or 15119 or 15120:
                    return StepOutcome.NewValueNeeded(
                        $"{at} takes no such password (error {number}): it was used before, or a filter of its own refuses it. See the "
                            + "policy of that machine.");
                case 15114:
                    return StepOutcome.RetryLater(
                        $"{at} takes no password yet: the last one was set too recently (error 15114). Wait for the policy's least age, or "
                            + "lower it on that machine.");
                case 18486:
                    return StepOutcome.Rejected($"{at} has locked {user} out after too many failed logins (error 18486). Set its "
                        + "password there anew, with UNLOCK.");
                case 18487 or 18488:
                    return StepOutcome.Rejected($"The password of {user} has expired at {at} (error {number}). Set it anew, without "
                        + "MUST_CHANGE.");
                case 18470:
                    return StepOutcome.Rejected($"The login {user} is disabled at {at} (error 18470). Enable it.");
                case 18456 or 18452:
                    return StepOutcome.Rejected(
                        $"{at} refuses the login of {user} (error {told}). Check 'user', the password behind 'password', 'database', "
                            + "and that the server takes SQL logins; its log has the state that says why.");
                case 4060 or 4064 or 911 or 916 or 976 or 978 or 982 or 983:
                    return StepOutcome.Rejected(
                        $"{user} cannot enter a database that is needed at {at} (error {told}): it is not there, may not be entered, or "
                            + "is a secondary copy. Check 'server', 'database' and 'databases', and the rights (see the provider's page).");
                case 15151 or 15247 or 297 or 300 or 229 or 262 or 6102 or 15007:
                    return StepOutcome.Rejected(
                        $"{user} may not do this at {at}, or the login is not there (error {told}). Check the names, and give it the "
                            + "rights (see the provider's page).");
                case 3906 or 3908:
                    return StepOutcome.Rejected($"The database at {at} is read-only (error {told}). Give the primary as 'server'.");
                case 40615 or 40914 or 47073:
                    return StepOutcome.Rejected($"{at} lets this machine not in (error {number}). Add it to the server's firewall rules.");
                default:
                    break;
            }
        }

        return numbers.Any(IsPassing)
            ? StepOutcome.RetryLater($"{at} cannot do it now (error {told}).")
            : StepOutcome.Rejected($"{at} refused (error {told}). See its log for why.");
    }

    /// <summary>Deadlocks, timeouts of locks, starting, upgrading and paused servers, and what Azure says of a move.</summary>
    private static bool IsPassing(int number) => number is 1204 or 1205 or 1222 or 701 or 802 or 8645 or 8651 or 17142 or 17187 or 17197
        or 17809 or 17830 or 18401 or 18451 or 18461 or 9001 or 10928 or 10929 or 40197 or 40501 or 40540 or 40613
        or 49918 or 49919 or 49920;
}
