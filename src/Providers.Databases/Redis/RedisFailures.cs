using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using StackExchange.Redis;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>What an exception means for a step. Reasons name users, nodes and error codes; never a value.</summary>
internal static class RedisFailures
{
    /// <summary>True for what the nodes, the network or the settings can answer with; anything else is a defect and is thrown on.</summary>
    public static bool Explains(Exception exception) =>
        exception is OutcomeException or RedisException or RedisTimeoutException or TimeoutException or IOException or SocketException
            or AuthenticationException or CryptographicException;

    /// <summary>Nothing was sent that changes something.</summary>
    public static StepOutcome BeforeAnything(Exception exception, string at, string admin) => exception switch
    {
        OutcomeException failure => failure.Outcome,
        RedisServerException refused => Refused(refused, at, admin),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => StepOutcome.Rejected(
            $"{at} refuses the login of {admin}. Check 'adminUser', and the password behind 'adminPassword'."),
        _ when Causes.Has<AuthenticationException>(exception) => StepOutcome.Rejected(
            $"The TLS connection to {at} could not be made. Check 'tls' and 'rootCertificate' against its certificate."),
        CryptographicException or FileNotFoundException or DirectoryNotFoundException => StepOutcome.Rejected(
            "The file of 'rootCertificate' is not there, or holds no certificate. Name a PEM file."),
        _ => StepOutcome.RetryLater($"Redis at {at} cannot be reached{Causes.Unreached(exception)}. Check that it runs and that this "
            + "host may connect to it."),
    };

    /// <summary>A change was sent. An answer means that it was refused; silence means nothing.</summary>
    /// <param name="what">What was being done, for people.</param>
    public static StepOutcome AfterSending(Exception exception, string at, string admin, string what) => exception switch
    {
        RedisServerException refused => Refused(refused, at, admin),
        OutcomeException failure => failure.Outcome,
        _ => StepOutcome.Unknown($"The connection to {at} was lost while {what}."),
    };

    /// <summary>The first word of an error: the rest may repeat what was sent.</summary>
    public static string Code(string message)
    {
        var word = message.TrimStart('-').Split(' ', 2)[0];
        return word.Length is > 0 and <= 24 && word.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? word : "an error";
    }

    private static StepOutcome Refused(RedisServerException exception, string at, string admin) => Code(exception.Message) switch
    {
        "NOPERM" => StepOutcome.Rejected(
            $"The user {admin} lacks a right at {at}. Give it there what it needs by the "
                + $"command: ACL SETUSER {admin} {RedisDescriptor.Rights}."),
        "NOAUTH" or "WRONGPASS" => StepOutcome.Rejected(
            $"{at} refuses the login of {admin}. Check 'adminUser', and the password behind 'adminPassword'."),
        "LOADING" or "BUSY" or "MASTERDOWN" or "TRYAGAIN" or "CLUSTERDOWN" =>
            StepOutcome.RetryLater($"Redis at {at} cannot do it now ({Code(exception.Message)})."),
        var code when exception.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase) => StepOutcome.Rejected(
            $"Redis at {at} lacks a command that this needs ({code}): it is older than Redis 6, or renames or withholds ACL, CONFIG or "
                + "CLIENT (a managed service). Set persist: none if only CONFIG is withheld."),
        var code => StepOutcome.Rejected($"Redis at {at} refused ({code}). See its log for more."),
    };
}
