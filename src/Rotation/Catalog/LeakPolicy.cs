using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What becomes of a leaked value that works.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeakAnswerKind>))]
public enum LeakAnswerKind
{
    /// <summary>An emergency rotation starts at once.</summary>
    [JsonStringEnumMemberName("rotate")] Rotate = 0,
    /// <summary>A person is asked.</summary>
    [JsonStringEnumMemberName("ask")] Ask = 1,
}

/// <summary>What the catalog says of leaks.</summary>
/// <param name="Answer">Null: what rotates without approval is rotated, and of the rest a person is asked.</param>
/// <param name="GitHub">Null where no alerts come from there.</param>
public sealed record LeakPolicy(LeakAnswerKind? Answer, GitHubAlertPolicy? GitHub)
{
    /// <summary>What holds where the catalog says nothing.</summary>
    public static LeakPolicy Usual { get; } = new(null, null);

    /// <param name="policy">Null for a secret that is not in the catalog: it can only be asked about.</param>
    public LeakAnswerKind AnswerFor(Policy? policy) =>
        policy is null ? LeakAnswerKind.Ask
        : Answer ?? (policy.Approval is null && policy.Strategy != Strategy.ReEncrypt ? LeakAnswerKind.Rotate : LeakAnswerKind.Ask);
}

/// <param name="Secret">Reference to the webhook's secret, which its requests are signed with.</param>
/// <param name="Token">Reference to a token that may read and close secret scanning alerts.</param>
/// <param name="ApiUrl">Where GitHub's API is.</param>
public sealed record GitHubAlertPolicy(string Secret, string Token, string ApiUrl)
{
    public const string PublicApi = "https://api.github.com";
}
