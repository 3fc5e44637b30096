using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenAi;

internal static class OpenAiAdminDescriptor
{
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.openai.com/v1";

    public static ProviderDescriptor Instance { get; } = new(
        "openai-admin-key",
        "OpenAI admin key",
        "Issues and revokes admin keys of an organisation at OpenAI. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Lifetime, SettingType.Duration, "When a key ends by itself, at most `365d`. Left out: never, unless the organisation's policy says otherwise. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The admin key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://platform.openai.com/docs/api-reference/admin-api-keys",
            "https://platform.openai.com/docs/api-reference/admin-api-keys/create",
        ],
        [Strategy.Overlap],
        Limits: ["An admin key manages the organisation and cannot be used for models. Rotate the one that Rotunda uses as a secret of its own, with another admin key."],
        Permissions: ["An admin key of an owner of the organisation."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              openai-admin:
                provider: { type: openai-admin-key, lifetime: 180d, token: env:OPENAI_ROTUNDA_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 12h, timeout: 5d }
                targets:
                  vault: { type: vault, address: https://vault.example.com, path: openai/admin, keys: { key: "{value}" }, token: env:VAULT_TOKEN }
            """);
}
