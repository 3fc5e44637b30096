using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Clerk;

internal static class ClerkDescriptor
{
    public const string Application = "application";
    public const string InstanceId = "instance";
    public const string Delay = "delay";
    public const string Token = "token";
    public const string Address = "https://api.clerk.com/v1";

    /// <summary>Where the setting is left out.</summary>
    public static readonly TimeSpan UsualDelay = TimeSpan.FromHours(24);

    public static ProviderDescriptor Instance { get; } = new(
        "clerk-secret-key",
        "Clerk secret key",
        "Rotates the secret key of an instance at Clerk, by the Platform API. The old key ends by itself after a delay, and nothing can stop that.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [
            new(Application, SettingType.Text, "The application's id (`app_…`).", Required: true),
            new(InstanceId, SettingType.Text, "The instance's id (`ins_…`), or `development` or `production`.", Required: true),
            new(Delay, SettingType.Duration, "How long the old key works on, in whole hours. Everything that uses it must have the new one by then.", Default: "24h"),
            new(Token, SettingType.Text, "The Platform API's access token by which Rotunda rotates the key.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://clerk.com/docs/guides/secure/rotate-api-keys",
            "https://github.com/clerk/openapi-specs/blob/main/platform/beta.yml",
            "https://clerk.com/docs/reference/backend-api/tag/Instances",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The old key ends after the delay, whether the rotation goes well or not. So a rotation only goes forward from there: what fails on the way waits for a person, and has to be through before the delay is over.",
            "An emergency leaves the old key an hour at most; one that revokes first, nothing.",
            "An answer that was lost loses nothing: the key is read from the application then. If somebody else rotates the key at that very moment, it is theirs that is read, and it works as well.",
            "Keys have no ids at Clerk; the ledger has the instance's. Keys that were added in the dashboard are not touched.",
            "That a delay of no hours ends the old key at once is inferred. The Platform API is a beta that Clerk opens on request; without it, secrets of this kind are `supplied` by a person.",
            "Clerk does not tell when a key was last used.",
        ],
        Permissions: ["A Platform API access token of the workspace. It reads all secret keys of the workspace's applications, so keep it well."],
        RollBack: "None once the new key is issued: the old one is ending. Before that, nothing has happened.",
        Example: """
            version: 1
            secrets:
              web-clerk-key:
                provider: { type: clerk-secret-key, application: app_2aBcDeFgHiJkLmNoPqRsTuVwXyZ, instance: production, delay: 24h, token: env:CLERK_PLATFORM_TOKEN }
                interval: 90d
                current: { value: env:CLERK_SECRET_KEY }
                targets:
                  app: { type: dotenv, path: app.env, keys: { CLERK_SECRET_KEY: "{value}" } }
            """)
    {
        RepeatsIssue = true,
        OldEnds = new(Delay, UsualDelay),
    };
}
