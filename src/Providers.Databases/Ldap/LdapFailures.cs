using System.DirectoryServices.Protocols;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Ldap;

/// <summary>What an exception means for a step. Reasons name the server, accounts and result codes; never a value, nor what the server
/// wrote, which may quote one.</summary>
internal static partial class LdapFailures
{
    private const int InvalidCredentials = 49;
    private const int InappropriateAuthentication = 48;
    private const int ConfidentialityRequired = 13;
    private const int ServerDown = 81;
    private const int TimedOut = 85;
    private const int ConnectError = 91;

    /// <summary>True for what the server, the network or the settings can answer with; anything else is a defect and is thrown
    /// on.</summary>
    public static bool Explains(Exception exception) =>
        exception is LdapSetupException or OutcomeException or LdapException or DirectoryOperationException or SocketException
            or DllNotFoundException or TypeInitializationException or TlsOperationException;

    public static bool IsDown(LdapException exception) => exception.ErrorCode is ServerDown or TimedOut or ConnectError;

    /// <summary>While a session was being opened with TLS: what a certificate that is not trusted looks like.</summary>
    public static bool IsOfTls(Exception exception) =>
        exception is TlsOperationException or LdapException { ErrorCode: ServerDown or ConnectError };

    /// <summary>Of a bind with the value that is tried; null if it says nothing of the value.</summary>
    public static Validity? OfBind(LdapException exception) => exception.ErrorCode switch
    {
        // Active Directory says so of accounts that are locked or have expired, too, with another number behind "data".
        InvalidCredentials => Told().Match(exception.ServerErrorMessage ?? "") is { Success: true } told
            && told.Groups["code"].Value != "52e" ? null
            : Validity.Invalid,
        // The account has no password.
        InappropriateAuthentication => Validity.Invalid,
        _ => null,
    };

    /// <summary>The session never opened, or what only looks failed: nothing happened.</summary>
    /// <param name="isOpen">The session had opened: what fails then is no matter of TLS.</param>
    public static StepOutcome BeforeAnything(Exception exception, LdapSetup? setup, bool isOpen = false) => exception switch
    {
        OutcomeException failure => failure.Outcome,
        LdapSetupException => StepOutcome.Rejected(exception.Message),
        DllNotFoundException or TypeInitializationException => StepOutcome.Rejected(
            "The system's libldap is not there. Install it: on Debian 12 the package 'libldap-2.5-0', on Debian 13 'libldap2'."),
        SocketException => StepOutcome.RetryLater(
            $"{setup?.Address} cannot be reached. Check 'server', and that this host may connect to it."),
        // The server was reached just before.
        _ when !isOpen && setup?.Tls != LdapDescriptor.Clear && IsOfTls(exception) => Untrusted(setup),
        LdapException { ErrorCode: ServerDown or ConnectError or TimedOut } => StepOutcome.RetryLater($"{setup?.Address} does not answer."),
        LdapException { ErrorCode: InvalidCredentials or InappropriateAuthentication } => StepOutcome.Rejected(
            $"{setup?.Address} refuses to let {setup?.BindDn} in. Check 'bindDn' and the password behind 'bindPassword'."),
        LdapException { ErrorCode: ConfidentialityRequired } => StepOutcome.Rejected(
            $"{setup?.Address} lets nobody in over a connection that is not protected. Set 'tls' to ldaps or starttls."),
        LdapException other => StepOutcome.Rejected($"{setup?.Address} refused (LDAP error {other.ErrorCode}). See its log for why."),
        DirectoryOperationException operation => ByCode(operation, setup),
        _ => StepOutcome.Unknown($"{setup?.Address} failed otherwise than it can be understood."),
    };

    /// <summary>A change was sent. A refusal of the server means that nothing happened; silence means nothing.</summary>
    public static StepOutcome AfterSending(Exception exception, LdapSetup setup, string what) =>
        exception is DirectoryOperationException told ? ByCode(told, setup)
        : StepOutcome.Unknown(
            $"The connection to {setup.Address} was lost while {what}"
                + (exception is LdapException { ErrorCode: var code } ? $" (LDAP error {code})." : "."));

    private static StepOutcome Untrusted(LdapSetup? setup) => StepOutcome.Rejected(
        $"The TLS connection to {setup?.Address} could not be made. Check 'tls', the port, the name in the server's certificate, and "
            + "'authorities'.");

    private static StepOutcome ByCode(DirectoryOperationException exception, LdapSetup? setup) => exception.Response?.ResultCode switch
    {
        ResultCode.ConstraintViolation => StepOutcome.NewValueNeeded(
            $"{setup?.Address} takes no such password: its policy asks for another one. Say in 'value' what it has to be like."),
        ResultCode.InsufficientAccessRights => StepOutcome.Rejected(
            $"{setup?.BindDn} may not change the password at {setup?.Address}. Give it the right (see the provider's page)."),
        ResultCode.NoSuchObject => StepOutcome.Rejected(
            $"{setup?.Address} has no such account, or {setup?.BindDn} may not see it. Check the names in the settings."),
        ResultCode.InvalidDNSyntax => StepOutcome.Rejected(
            "A name in 'accounts', 'account' or 'bindDn' is no distinguished name. Correct it."),
        ResultCode.Busy or ResultCode.Unavailable => StepOutcome.RetryLater($"{setup?.Address} is busy."),
        ResultCode.ProtocolError => StepOutcome.Rejected(
            $"{setup?.Address} does not know the operation by which passwords are set. Set 'method' to modify."),
        ResultCode.UnwillingToPerform => StepOutcome.Rejected(
            $"{setup?.Address} is unwilling to do it: it is read-only, wants TLS, or takes no such password. See its log."),
        ResultCode.Referral => StepOutcome.Rejected($"{setup?.Address} is a replica and names another server. Give that one as 'server'."),
        { } code => StepOutcome.Rejected($"{setup?.Address} refused ({code}). See its log for why."),
        null => StepOutcome.Unknown($"{setup?.Address} answered otherwise than it can be understood."),
    };

    [GeneratedRegex(@"\bdata (?<code>[0-9a-f]+)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Told();
}
