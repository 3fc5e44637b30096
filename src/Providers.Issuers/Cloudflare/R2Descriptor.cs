using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Cloudflare;

internal static class R2Descriptor
{
    public const string S3Url = "s3Url";
    public const string S3Address = "https://{account}.r2.cloudflarestorage.com";

    public static ProviderDescriptor Instance { get; } = new(
        "cloudflare-r2-key",
        "Cloudflare R2 key",
        "Issues and revokes S3 credentials of R2, Cloudflare's object storage: each is an API token of the account. The value is the secret access key; `{username}` in a template is the access key's id. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(CloudflareDescriptor.Account, SettingType.Text, "The id of the account whose storage it is.", Required: true),
            new(CloudflareDescriptor.Like, SettingType.Text, "The id of a token (the access key's id) whose policies and conditions the new ones have. Left out: the one in use."),
            new(CloudflareDescriptor.Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(CloudflareDescriptor.Token, SettingType.Text, "The token by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(CloudflareDescriptor.Address),
            new(S3Url, SettingType.Url, $"Where a key is tried, where it is not `{S3Address}`: that of a jurisdiction (`https://ACCOUNT.eu.r2.cloudflarestorage.com`), or a proxy's."),
        ],
        [
            "https://developers.cloudflare.com/r2/api/tokens/",
            "https://developers.cloudflare.com/r2/api/error-codes/",
            "https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Consumers need both halves: write `{username}` and `{value}` in one target. The id is the token's, the secret its value's SHA-256, as R2 has it; the token's own value is kept nowhere.",
            "What a key reaches is not written in the catalog: its policies are read from the token in use, or from the one that `like` names. Without either the rotation is refused before anything is made.",
            "A key is tried by listing buckets. One that may not do that is known all the same.",
            "A new key may be unknown to the storage for some moments: it is tried for two minutes. How long it takes, Cloudflare's documents do not say.",
        ],
        Permissions: ["`Account API Tokens Edit`, of a super administrator's, and whatever the new keys may do."],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              uploads-key:
                provider: { type: cloudflare-r2-key, account: 023e105f4ecef8ad9ca31a8372d0c353, token: env:CLOUDFLARE_ADMIN_TOKEN }
                interval: 365d
                grace: 2d
                evidence: { quietFor: 12h, timeout: 5d }
                current: { id: ed17574386854bf78a67040be0a770b0 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { R2_ACCESS_KEY_ID: "{username}", R2_SECRET_ACCESS_KEY: "{value}" } }
            """)
    {
        Labels = new LabelRule(120),
        Carries = ["the policies", "the addresses that it may be used from"],
        WorksAfter = TimeSpan.FromMinutes(2),
    };
}
