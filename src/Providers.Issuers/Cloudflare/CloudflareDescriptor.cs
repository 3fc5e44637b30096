using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Cloudflare;

internal static class CloudflareDescriptor
{
    public const string Account = "account";
    public const string Like = "like";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.cloudflare.com/client/v4";

    public static ProviderDescriptor Instance { get; } = new(
        "cloudflare-token",
        "Cloudflare API token",
        "Issues and revokes API tokens of Cloudflare: of an account, or of a user. Several live at once. A new one may do what the old one may.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Account, SettingType.Text, "The id of the account whose tokens these are. Left out: tokens of the user whose token Rotunda uses."),
            new(Like, SettingType.Text, "The id of a token whose policies and conditions the new ones have. Left out: the one in use."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The token by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://developers.cloudflare.com/fundamentals/api/how-to/create-via-api/",
            "https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/",
            "https://developers.cloudflare.com/api/resources/user/subresources/tokens/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Policies are not written in the catalog: they are read from the token in use, or from the one that `like` names. Without either the rotation is refused before anything is made.",
            "Rotunda makes a second token and does not roll the first: a rolled one stops working at once.",
        ],
        Permissions:
        [
            "Tokens of an account: `Account API Tokens Edit`, of a super administrator's.",
            "Tokens of a user: `User API Tokens Edit`.",
            "Whatever the new tokens may do, too: Cloudflare lets none make a token that may do more.",
        ],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              dns-token:
                provider: { type: cloudflare-token, account: 023e105f4ecef8ad9ca31a8372d0c353, token: env:CLOUDFLARE_ADMIN_TOKEN }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                current: { id: ed17574386854bf78a67040be0a770b0 }
                targets:
                  cluster: { type: kubernetes-secret, namespace: dns, secret: cloudflare, keys: { token: "{value}" } }
            """)
    {
        Labels = new LabelRule(120),
        Carries = ["the policies", "the addresses that it may be used from"],
    };
}
