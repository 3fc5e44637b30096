using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Estuary;

internal static class EstuaryDescriptor
{
    public const string ServiceAccount = "serviceAccount";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.estuary.dev";

    public static ProviderDescriptor Instance { get; } = new(
        "estuary-api-key",
        "Estuary API key",
        "Issues and revokes API keys of a service account at Estuary. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(ServiceAccount, SettingType.Text, "The service account's catalog name, such as `acmeCo/ci-bot`.", Required: true),
            new(Lifetime, SettingType.Duration, "How long a key lives without being used, at most `365d`: Estuary counts anew with each use.", Default: "90d"),
            new(Token, SettingType.Text, "A refresh token of a user who administers the service account; not one of the account's own keys.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://github.com/estuary/ui/blob/main/src/gql-types/schema.graphql",
            "https://docs.estuary.dev/guides/how_to_generate_refresh_token/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A key's end moves with each use, so Rotunda does not take it for a due date.",
            "The API is GraphQL and has no document besides its schema. That a key shows itself as bearer token is said there; how a refused one is answered is not: HTTP 401 is taken for it.",
        ],
        Permissions: ["The capabilities `QueryServiceAccounts`, `CreateApiKey` and `RevokeApiKey` on the account's catalog name."],
        RollBack: "The new key is revoked. A revoked key does not come back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              estuary-key:
                provider: { type: estuary-api-key, serviceAccount: acmeCo/ci-bot, lifetime: 180d, token: env:ESTUARY_ADMIN_TOKEN }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 12h, timeout: 3d }
                targets:
                  github: { type: github-secret, organization: acme, keys: { ESTUARY_TOKEN: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Costs =
        [
            SettingCost.Always("What a key may do is what its service account may."),
        ],
    };
}
