using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using MySqlConnector;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>What an exception means for a step. Reasons name the server, users and codes; never what the server wrote, which may quote
/// a value.</summary>
internal static class MySqlFailures
{
    private const int HostNotPrivileged = 1130;
    private const int NotPrepared = 1047;
    private const int OptionPrevents = 1290;
    private const int NoSuchAccount = 1396;
    private const int PasswordExpiredLogin = 1862;
    private const int PolicyRefuses = 1819;
    private const int ReadOnlyMode = 1836;
    private const int UsedBefore = 3638;
    private const int MySqlLocked = 3118;
    private const int Offline = 3032;
    private const int SecureTransportRequired = 3159;
    private const int BlockedForAWhile = 3955;
    private const int NoRetain = 3894;
    private const int MariaDbLocked = 4151;

    private static readonly int[] Rights = [1044, 1142, 1143, 1227];
    private static readonly int[] Passing = [1040, 1053, 1129, 1203, 1205, 1213, 1226, 1317, NotPrepared, Offline];

    /// <summary>Of a statement that was refused before it did anything: who may, its words, its form, what the server is.</summary>
    private static readonly int[] BeforeDoing =
        [.. Rights, 1045, 1064, 1470, 1524, 1820, OptionPrevents, NoSuchAccount, ReadOnlyMode, NoRetain];

    /// <summary>True for what the server, the network or the settings can answer with; anything else is a defect and is thrown
    /// on.</summary>
    public static bool Explains(Exception exception) => exception is MySqlSetupException or MySqlPolicyException or OutcomeException
        or MySqlException or MySqlProtocolException or TimeoutException or IOException or SocketException or AuthenticationException
        or NotSupportedException or ArgumentException or FormatException;

    public static bool IsLackOfRight(MySqlException exception) => Rights.Contains(exception.Number);

    /// <summary>The password was right, and the account is locked.</summary>
    public static bool IsLocked(int code) => code is MySqlLocked or MariaDbLocked;

    /// <summary>An error of a statement that names a policy: MariaDB answers with another one, and has this among its warnings.</summary>
    public static bool IsOfPolicy(int code) => code is PolicyRefuses or UsedBefore;

    public static bool HidesOthers(int code) => code == NoSuchAccount;

    /// <summary>No change was sent: nothing happened.</summary>
    public static StepOutcome BeforeAnything(Exception exception, MySqlSetup? setup) => exception switch
    {
        OutcomeException failure => failure.Outcome,
        MySqlSetupException => StepOutcome.Rejected(exception.Message),
        MySqlPolicyException policy => Policy(policy, setup),
        MySqlException { SqlState: not null } told when told.Number is >= 1000 and not 1042 => ByCode(told.Number, setup),
        _ when Causes.Has<AuthenticationException>(exception) => StepOutcome.Rejected(
            $"The TLS connection to {At(setup)} could not be made. Check 'sslMode' and 'rootCertificate' against the server's "
                + "certificate."),
        _ when Causes.Has<SocketException>(exception) || Causes.Has<IOException>(exception) || Causes.Has<TimeoutException>(exception)
            || IsUnreachable(exception) => StepOutcome.RetryLater(
                $"{At(setup)} cannot be reached{Causes.Unreached(exception)}. Check that it runs at 'host' (or where 'connection' says), "
                    + "and that this host may connect to it."),
        MySqlException or NotSupportedException or MySqlProtocolException => StepOutcome.Rejected(
            $"The connection to {At(setup)} was not made: TLS is not as 'sslMode' says, the login needs something that the settings do not "
                + "give, or no MySQL listens there. Check 'sslMode', and how Rotunda's user logs in (a password, and TLS)."),
        _ => StepOutcome.Rejected("The settings make no usable connection. Check 'connection', 'sslMode' and 'rootCertificate'."),
    };

    /// <summary>A change was sent. Only a refusal that comes before any doing means that nothing happened.</summary>
    public static StepOutcome AfterSending(Exception exception, MySqlSetup setup, string what) => exception switch
    {
        MySqlPolicyException policy => Policy(policy, setup),
        MySqlException { SqlState: not null } told when BeforeDoing.Contains(told.Number) => ByCode(told.Number, setup),
        MySqlException { SqlState: not null } told => StepOutcome.Unknown(
            $"{At(setup)} answered {Code(told.Number)} while {what}, which does not tell whether it is done."),
        _ => StepOutcome.Unknown($"The connection to {At(setup)} was lost while {what}."),
    };

    /// <summary>After failed logins, by the right password too.</summary>
    public static bool IsBlocked(int code) => code is BlockedForAWhile;

    public static string WhyBlocked(string at, string user) =>
        $"{at} blocks {user} for a while, after failed logins ({Code(BlockedForAWhile)}). Find out who tries wrong passwords; ALTER USER … "
            + "ACCOUNT UNLOCK lets it in at once.";

    public static string Code(int number) => $"error {number.ToString(CultureInfo.InvariantCulture)}";

    private static StepOutcome ByCode(int number, MySqlSetup? setup) => number switch
    {
        1045 or 1698 => StepOutcome.Rejected(
            $"{At(setup)} refuses to let {Me(setup)} in ({Code(number)}). Check the user and password behind 'connection' or 'password', "
                + "that it may come from this host, and that no account without a name (''@HOST) is taken for it."),
        HostNotPrivileged => StepOutcome.Rejected(
            $"{At(setup)} lets nobody in from this host ({Code(number)}). Give Rotunda's user a host part that this machine is in."),
        MySqlLocked or MariaDbLocked => StepOutcome.Rejected(
            $"{Me(setup)} is locked at {At(setup)} ({Code(number)}). Let it in again (ACCOUNT UNLOCK)."),
        BlockedForAWhile => StepOutcome.RetryLater(WhyBlocked(At(setup), Me(setup))),
        1820 or PasswordExpiredLogin => StepOutcome.Rejected(
            $"The password of {Me(setup)} has expired at {At(setup)} ({Code(number)}). Set it anew, with PASSWORD EXPIRE NEVER perhaps."),
        SecureTransportRequired => StepOutcome.Rejected($"{At(setup)} lets nobody in without TLS. Set 'sslMode' to required."),
        NoRetain => StepOutcome.Rejected(
            $"{At(setup)} keeps no second password for a user that has no first one ({Code(number)}). Set its password by hand once."),
        NoSuchAccount => StepOutcome.Rejected(
            $"{At(setup)} has no such user, or has it no more ({Code(number)}). Look at 'hosts' and at the users there."),
        OptionPrevents or ReadOnlyMode => StepOutcome.Rejected(
            $"{At(setup)} takes no change of users ({Code(number)}): it is read-only, or runs without grant tables. Give the primary's "
                + "address."),
        1524 => StepOutcome.Rejected($"{At(setup)} has not loaded the plugin by which the user logs in "
                + $"({Code(number)}). Install it there."),
        _ when Rights.Contains(number) => StepOutcome.Rejected(
            $"{Me(setup)} lacks a right at {At(setup)} ({Code(number)}). Give it those that the provider's page names."),
        _ when Passing.Contains(number) => StepOutcome.RetryLater($"{At(setup)} cannot do it now ({Code(number)})."),
        _ => StepOutcome.Rejected($"{At(setup)} refused ({Code(number)}). See its log for why."),
    };

    private static StepOutcome Policy(MySqlPolicyException policy, MySqlSetup? setup) => StepOutcome.NewValueNeeded(
        $"The password policy of {At(setup)} refuses the value ({Code(policy.Code)}"
            + $"{(policy.Code == UsedBefore ? ", it was used before" : "")}). Say in 'value' what it has to be like.");

    /// <summary>The driver has one code for a server that is not there, for TLS that it does not have, and for a login that needs
    /// TLS.</summary>
    private static bool IsUnreachable(Exception exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost }
        && !exception.Message.Contains("SSL", StringComparison.Ordinal)
        && !exception.Message.Contains("Authentication", StringComparison.Ordinal);

    private static string At(MySqlSetup? setup) => setup?.Address ?? "MySQL";

    private static string Me(MySqlSetup? setup) => setup?.Admin.UserID ?? "Rotunda's user";
}
