using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Algolia;

internal static class AlgoliaDescriptor
{
    public const string Application = "application";
    public const string Rights = "rights";
    public const string Indexes = "indexes";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://{application}.algolia.net";

    public static ProviderDescriptor Instance { get; } = new(
        "algolia-api-key",
        "Algolia API key",
        "Issues and revokes API keys of an application at Algolia. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Application, SettingType.Text, "The application's id.", Required: true),
            new(Rights, SettingType.TextList, "What the keys may do (Algolia's ACL), such as `search` and `browse`. Left out: what the key in use may do."),
            new(Indexes, SettingType.TextList, "The indices that the keys reach, `*` for parts of names. Left out: those of the key in use; without one, all."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The application's admin API key.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://www.algolia.com/doc/rest-api/search/#tag/Api-Keys",
            "https://www.algolia.com/doc/guides/security/api-keys/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Algolia knows a key by its value alone, which must not stand in a record. Its id here, also in `current:`, is the first 16 digits of the value's SHA-256: `printf %s \"$KEY\" | sha256sum | cut -c1-16`.",
            "Algolia does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "A deleted key can be restored at Algolia for as long as it is among the last 1000 (`POST /1/keys/{key}/restore`), by who has its value.",
        ],
        Permissions: ["The admin API key: no other may manage keys."],
        RollBack: "The new key is deleted. After the old one is revoked, Rotunda does not restore it: the way is a new rotation.",
        Example: """
            version: 1
            secrets:
              search-key:
                provider: { type: algolia-api-key, application: ALGOLIAID1, rights: [search, browse], indexes: [products*], token: env:ALGOLIA_ADMIN_KEY }
                interval: 180d
                grace: 7d
                current: { id: 4f53cda18c2baa0c }
                targets:
                  app: { type: dotenv, path: app.env, keys: { ALGOLIA_API_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("Secured keys that were derived from a key end with it."),
        ],
        ListsAfter = TimeSpan.FromMinutes(1),
        Carries = ["the rights and the indices", "the limits of hits and of queries", "the referers and the query parameters"],
    };
}
