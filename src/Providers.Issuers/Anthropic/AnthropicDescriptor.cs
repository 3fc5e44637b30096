using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Anthropic;

internal static class AnthropicDescriptor
{
    public const string AdminKey = "adminKey";
    public const string Workspace = "workspace";
    public const string Address = "https://api.anthropic.com";
    private const Abilities ByAdminKey = Abilities.ListCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials;

    public static ProviderDescriptor Instance { get; } = new(
        "anthropic-api-key",
        "Anthropic API key",
        "Takes API keys that a person makes in the Console, tries them, and ends the old ones by the Admin API. Several live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials | ByAdminKey,
        [
            new(AdminKey, SettingType.Text, "The Admin API key by which Rotunda finds and ends keys. Left out: a person ends the old one, and says so.", IsSecret: true),
            new(Workspace, SettingType.Text, "The id of the workspace whose keys these are (`wrkspc_…`). Left out: those of the whole organisation are looked at."),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://platform.claude.com/docs/en/api/administration-api",
            "https://platform.claude.com/docs/en/manage-claude/admin-api",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes keys: a person makes each in the Console, and gives its value.",
            "A key is archived when it is revoked, which is final; there is no deleting.",
            "Which of the listed keys a value is, the characters tell that Anthropic shows of it. If several fit, the old one is ended by a person.",
            "Anthropic does not tell when a key was last used: there is no evidence to wait for, so give a grace period or a trial (`revoke`).",
        ],
        Permissions: ["An Admin API key (`sk-ant-admin…`), which organisation admins make in the Console."],
        RollBack: "The new key is archived. What is archived, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              anthropic-key:
                provider: { type: anthropic-api-key, adminKey: env:ANTHROPIC_ADMIN_KEY }
                interval: 90d
                grace: 2d
                revoke: { disableFor: 24h }
                ask: { create: an API key in the workspace Production, name: shop-api }
                targets:
                  app: { type: dotenv, path: app.env, keys: { ANTHROPIC_API_KEY: "{value}" } }
            """)
    {
        NeedsSetting = [new(AdminKey, ByAdminKey)],
        Supplied = new SuppliedCredential("an API key in the Console", "https://platform.claude.com/settings/keys")
        {
            Shape = new ValueShape("sk-ant-", MinLength: 20),
        },
    };
}
