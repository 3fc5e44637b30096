using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Resend;

internal static class ResendDescriptor
{
    public const string Permission = "permission";
    public const string DomainId = "domainId";
    public const string Token = "token";
    public const string Address = "https://api.resend.com";

    public static ProviderDescriptor Instance { get; } = new(
        "resend-api-key",
        "Resend API key",
        "Issues and revokes API keys of Resend. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Permission, SettingType.Choice, "What the keys may do: everything, or send mails only. Resend does not tell what the old key may do, so it has to be said.", Required: true, Choices: ["full_access", "sending_access"]),
            new(DomainId, SettingType.Text, "With `sending_access`: the id of the one domain that the keys may send from. Left out: all."),
            new(Token, SettingType.Text, "The key by which Rotunda issues the others; it has full access.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://resend.com/docs/api-reference/api-keys/create-api-key",
            "https://resend.com/docs/api-reference/api-keys/list-api-keys",
            "https://resend.com/docs/api-reference/api-keys/delete-api-key",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A key that may only send is tried by a call that it may not make: Resend says so, and says something else of a key that it does not know. This is known from others' reports, not from Resend's documents.",
            "Resend takes two calls a second of one account: all rotations share them.",
        ],
        Permissions: ["A key with full access."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              mail-key:
                provider: { type: resend-api-key, permission: sending_access, token: env:RESEND_ADMIN_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                targets:
                  app: { type: dotenv, path: app.env, keys: { RESEND_API_KEY: "{value}" } }
            """)
    {
        Labels = new LabelRule(50),
    };
}
