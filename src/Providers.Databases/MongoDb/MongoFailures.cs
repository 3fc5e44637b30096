using System.Net.Sockets;
using DnsClient;
using MongoDB.Driver;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>What an exception means for a step. Reasons name the servers, users and codes; never what the server wrote, which may quote
/// a value.</summary>
internal static class MongoFailures
{
    private const int BadValue = 2;
    private const int FailedToParse = 9;
    private const int UserNotFound = 11;
    private const int Unauthorized = 13;

    /// <summary>True for what the servers, the network or the settings can answer with; anything else is a defect and is thrown
    /// on.</summary>
    public static bool Explains(Exception exception) => exception is MongoSetupException or OutcomeException or MongoException
        or TimeoutException or IOException or SocketException or DnsResponseException;

    /// <summary>No change was sent: nothing happened.</summary>
    public static StepOutcome BeforeAnything(Exception exception, MongoSetup? setup) => exception switch
    {
        OutcomeException failure => failure.Outcome,
        MongoSetupException => StepOutcome.Rejected(exception.Message),
        MongoAuthenticationException { InnerException: MongoCommandException { Code: var code } } when MongoLogin.IsRefusal(code) =>
            StepOutcome.Rejected(
            $"{setup?.Address} refuses to let {setup?.User} in. Check 'user', the password behind 'password', and that the user is one of "
                + "the database admin."),
        MongoCommandException { Code: Unauthorized } => StepOutcome.Rejected(
            $"{setup?.User} may not do this at {setup?.Address}. Give it the rights (see the provider's page)."),
        MongoNotPrimaryException or MongoNodeIsRecoveringException => StepOutcome.RetryLater(
            $"{setup?.Address} has no primary at this moment."),
        MongoCommandException { Code: var code } => StepOutcome.Rejected($"{setup?.Address} refused (code {code}). See its log for why."),
        _ => StepOutcome.RetryLater(
            $"{setup?.Address} cannot be asked{MongoLogin.Why(exception)}. Check 'address', its TLS, and that a primary is up."),
    };

    /// <summary>A change was sent. Only a refusal that comes before any writing means that nothing happened.</summary>
    public static StepOutcome AfterSending(Exception exception, MongoSetup setup, string what) => exception switch
    {
        MongoWriteConcernException => Lost(exception, setup, what),
        MongoCommandException { Code: UserNotFound } => StepOutcome.Rejected(
            $"{setup.Address} does not find the user any more. Make it again, and look at the other one."),
        MongoCommandException { Code: BadValue or FailedToParse } => StepOutcome.NewValueNeeded(
            $"{setup.Address} takes no such password. Say in 'value' what it has to be like."),
        MongoCommandException { Code: Unauthorized } or MongoAuthenticationException => BeforeAnything(exception, setup),
        _ => Lost(exception, setup, what),
    };

    private static StepOutcome Lost(Exception exception, MongoSetup setup, string what) => StepOutcome.Unknown(
        $"{setup.Address} did not confirm it while {what} ({exception.GetType().Name}).");
}
