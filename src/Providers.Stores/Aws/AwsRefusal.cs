using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>An error that Secrets Manager answered, by its type: most come as HTTP 400.</summary>
internal sealed class AwsRefusal(string type, WebFailureException failure) : Exception(failure.Message)
{
    public const string NotFound = "ResourceNotFoundException";
    public const string Denied = "AccessDeniedException";
    public const string Exists = "ResourceExistsException";

    public string Type { get; } = type;

    /// <summary>The signature, the key or the session's token was refused.</summary>
    public bool IsOfCredentials => Credentials.Contains(Type, StringComparer.Ordinal);

    /// <summary>What it means where nothing in particular was expected.</summary>
    public WebFailureException Failure { get; } = failure;

    private static readonly string[] Busy = ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"];
    private static readonly string[] Expired = ["ExpiredTokenException", "ExpiredToken"];
    private static readonly string[] Unknown = ["UnrecognizedClientException", "InvalidClientTokenId"];
    private static readonly string[] Credentials =
        [
            "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignature", "InvalidClientTokenId",
            "MissingAuthenticationToken", .. Expired,
        ];

    /// <param name="isTemporary">The credentials are a role's, which the next attempt asks for anew.</param>
    public static AwsRefusal Of(WebSession session, WebReply reply, bool isTemporary)
    {
        // "com.amazonaws.secretsmanager#ResourceNotFoundException:http://…": only the name counts.
        var type = ((string?)reply.Json()?["__type"] ?? reply.Header("x-amzn-ErrorType") ?? "").Split('#')[^1].Split(':')[0];
        var operation = reply.Request.Headers.FirstOrDefault(header => header.Name == "X-Amz-Target").Value?.Split('.')[^1];
        var what = $"AWS Secrets Manager: {operation} answered {(type.Length > 0 ? type : $"HTTP {reply.Status}")}.";
        var wait = reply.RetryAfter(session.Time);
        if (Busy.Contains(type, StringComparer.Ordinal))
        {
            return new AwsRefusal(type, session.Failure(StepOutcome.RetryLater(what, wait)));
        }

        if (Expired.Contains(type, StringComparer.Ordinal) || (isTemporary && Unknown.Contains(type, StringComparer.Ordinal)))
        {
            // A session's credentials come to their end while work is under way: the next attempt has fresh ones, from STS or
            // from behind the reference.
            return new AwsRefusal(type, session.Failure(StepOutcome.RetryLater($"{what} {Hint(type)}", wait)));
        }

        return new AwsRefusal(
            type,
            reply.Status != 400 || type.Length == 0
                ? session.Refusal(reply, WebHints.None)
                : session.Failure(StepOutcome.Rejected($"{what} {Hint(type)}")));
    }

    private static string Hint(string type) => type switch
    {
        Denied => "Rotunda's principal may not do this: see the permissions in the provider's page.",
        "InvalidRequestException" => "The secret may be scheduled for deletion: restore it at AWS, or use another name.",
        "EncryptionFailure" or "DecryptionFailure" => "The KMS key cannot be used: check its state and its policy.",
        "LimitExceededException" =>
            "A quota is used up, which waiting does not change: a secret has at most 20 staging labels on all of its versions together. "
                + "Take labels off versions that nobody needs (aws secretsmanager update-secret-version-stage).",
        "ExpiredTokenException" or "ExpiredToken" =>
            "The session's credentials have expired: the next attempt takes fresh ones. If this stays, renew what 'sessionToken' leads to.",
        NotFound => "Check the name and the region.",
        _ when Credentials.Contains(type, StringComparer.Ordinal) => "Check the access key or the role, and this machine's clock.",
        _ => "See AWS's own explanation of that name, and CloudTrail for the call.",
    };
}
