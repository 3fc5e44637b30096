using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.GitHubIssues;

internal static class GitHubIssueDescriptor
{
    public const string Repository = "repository";
    public const string Token = "token";
    public const string Labels = "labels";
    public const string Address = "address";

    public static ProviderDescriptor Instance { get; } = new(
        "github-issue",
        "GitHub issue",
        "An issue in a GitHub repository for each notice.",
        Abilities.SendNotices,
        [
            new(Repository, SettingType.Text, "`OWNER/NAME`. Use a private one: an issue tells names of secrets.", Required: true),
            new(Token, SettingType.Text, "A token that may write issues there.", Required: true, IsSecret: true),
            new(Labels, SettingType.TextList, "Labels of the issue. GitHub makes those that are new."),
            new(Address, SettingType.Url, "Where the API is. GitHub Enterprise Server: `https://HOST/api/v3`.", Default: "https://api.github.com"),
        ],
        [
            "https://docs.github.com/en/rest/issues/issues#create-an-issue",
            "https://docs.github.com/en/rest/issues/issues#list-repository-issues",
        ],
        [],
        Limits:
        [
            "After a lost answer the newest 100 issues are looked through for the notice's id, so that no second one is made.",
            "Issues are not closed by Rotunda.",
        ],
        Permissions: ["A fine-grained token: Issues (read and write) of that repository alone."],
        Example: """
            version: 1
            notices:
              channels:
                issues: { type: github-issue, repository: acme/secrets, token: "env:GITHUB_TOKEN", labels: [rotation] }
              routes:
                stuck: { to: [issues], kinds: [stuck, failed, drifted] }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
