using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Grafana;

internal static class GrafanaDescriptor
{
    public const string ServiceAccount = "serviceAccount";
    public const string LegacyKey = "legacyKey";
    public const string Lifetime = "lifetime";
    public const string Token = "token";

    public static ProviderDescriptor Instance { get; } = new(
        "grafana-token",
        "Grafana service-account token",
        "Issues and revokes tokens of a service account in Grafana. Several live at once, all with the account's role.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(VendorApi.Url, SettingType.Url, "Grafana's address, such as https://acme.grafana.net.", Required: true),
            new(ServiceAccount, SettingType.Text, "The number of the service account, as in the address of its page in Grafana. One of `serviceAccount` and `legacyKey`."),
            new(LegacyKey, SettingType.Text, "The name of an API key from before there were service accounts. It is migrated, and tokens of the service account that it became (`sa-autogen-NAME`) take its place."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself. Left out: never, unless Grafana is set up to allow no such token. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The token by which Rotunda issues the others, best of another service account.", Required: true, IsSecret: true),
        ],
        [
            "https://grafana.com/docs/grafana/latest/developers/http_api/serviceaccount/",
            "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
            "https://grafana.com/docs/grafana/latest/administration/service-accounts/migrate-api-keys/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Names of tokens are unique in the organisation.",
            "Grafana lists a migrated API key as a token, under the same number: `current: { id }` stays right. Leave `legacyKey` as it is, the account is found by it later too; newer Grafanas migrate all keys by themselves, to the same account.",
            "A token is tried by asking for the organisation; one whose role does not let it see that is known all the same. Which call is best for it, Grafana's documents do not say.",
        ],
        Permissions:
        [
            "`serviceaccounts:read` and `serviceaccounts:write` for the service account.",
            "With `legacyKey`: both for all service accounts (`serviceaccounts:*`), and `apikeys:read`.",
        ],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              grafana-ci-token:
                provider: { type: grafana-token, url: https://acme.grafana.net, serviceAccount: "17", lifetime: 120d, token: env:GRAFANA_ADMIN_TOKEN }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                targets:
                  github: { type: github-secret, organization: acme, keys: { GRAFANA_TOKEN: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Costs =
        [
            new(
                LegacyKey,
                SettingCost.Any,
                "If it is not migrated yet, the API key becomes a token of a new service account with the key's role, before the first new token is made. Its value stays, so consumers notice nothing; a way back does not take the migration back."),
        ],
    };
}
