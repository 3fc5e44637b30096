using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Slack;

/// <summary>What Slack's answers mean: its errors come with status 200.</summary>
internal static class SlackAnswer
{
    public const string UsedUp = "invalid_refresh_token";
    private static readonly string[] Dead = ["invalid_auth", "token_expired", "token_revoked", "account_inactive", "not_authed"];

    /// <summary>With these it says that the request itself was not good, so nothing was done; after any other, nobody knows.</summary>
    private static readonly string[] Refusals =
    [
        UsedUp, "invalid_client_id", "bad_client_secret", "invalid_grant_type", "invalid_arguments", "invalid_arg_name", "missing_scope",
        "no_permission", "not_allowed_token_type", "access_denied", "not_bearer_token", .. Dead,
    ];

    /// <summary>How a token tries itself.</summary>
    public static Probe Probe { get; } = Probe.Get($"auth.test").Means(
        valid: [],
        invalid: [401],
        reply => reply.Status != 200 ? null
            : reply.Flag("ok") ? Validity.Valid
            : IsDead(reply) ? Validity.Invalid
            : null);

    public static bool Refuses(WebReply reply) => (bool?)reply.Json()?["ok"] != true;

    /// <summary>Slack knows the token no more.</summary>
    public static bool IsDead(VendorReply reply) => Dead.Contains(reply.Maybe("error"));

    /// <param name="error">As Slack says it; null if it does not.</param>
    /// <param name="check">What a person should look at.</param>
    public static StepOutcome Meaning(string method, string? error, string check) =>
        error == "ratelimited" ? StepOutcome.RetryLater($"Slack's '{method}' was asked too often. It is asked again.")
        : Refusals.Contains(error) ? StepOutcome.Rejected($"Slack answered \"{error}\". Check {check}.")
        : StepOutcome.Unknown($"Slack's '{method}' answered \"{error}\", which does not tell whether anything was done.");
}
