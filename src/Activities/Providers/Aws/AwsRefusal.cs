using Rotunda.Activities.Providers.Web;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.Aws;

/// <summary>An error that Secrets Manager answered, by its type: most come as HTTP 400.</summary>
internal sealed class AwsRefusal(string type, WebFailureException failure) : Exception(failure.Message)
{
    public const string NotFound = "ResourceNotFoundException";
    public const string Exists = "ResourceExistsException";

    public string Type { get; } = type;

    /// <summary>The signature, the key or the session's token was refused.</summary>
    public bool IsOfCredentials => Credentials.Contains(Type, StringComparer.Ordinal);

    /// <summary>What it means where nothing in particular was expected.</summary>
    public WebFailureException Failure { get; } = failure;

    private static readonly string[] Busy = ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException"];
    private static readonly string[] Credentials =
        ["UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignature", "InvalidClientTokenId", "ExpiredTokenException", "MissingAuthenticationToken"];

    public static AwsRefusal Of(WebSession session, WebReply reply)
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

        return new AwsRefusal(type, reply.Status != 400 || type.Length == 0 ? session.Refusal(reply, WebHints.None) : session.Failure(StepOutcome.Rejected($"{what} {Hint(type)}".TrimEnd())));
    }

    private static string Hint(string type) => type switch
    {
        "AccessDeniedException" => "Rotunda's principal may not do this: see the permissions in the provider's page.",
        "InvalidRequestException" => "The secret may be scheduled for deletion: restore it at AWS, or use another name.",
        "EncryptionFailure" or "DecryptionFailure" => "The KMS key cannot be used: check its state and its policy.",
        NotFound => "Check the name and the region.",
        _ when Credentials.Contains(type, StringComparer.Ordinal) => "Check the access key or the role, and this machine's clock.",
        _ => "",
    };
}
