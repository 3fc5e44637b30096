using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Datadog;

internal static class DatadogApplicationKeyDescriptor
{
    public const string ServiceAccount = "serviceAccount";
    public const string Scopes = "scopes";

    public static ProviderDescriptor Instance { get; } = new(
        "datadog-application-key",
        "Datadog application key",
        "Issues and revokes application keys at Datadog: of a service account, or of the user whose key Rotunda uses. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(ServiceAccount, SettingType.Text, "The id of the service account whose keys these are. Left out: keys of the user whose key Rotunda uses."),
            new(Scopes, SettingType.TextList, "What the keys may do, such as `dashboards_read`. Left out: the scopes of the key in use; without any, a key may do what its owner may."),
            DatadogApiKeyDescriptor.SiteSetting,
            DatadogApiKeyDescriptor.ApiKeySetting,
            DatadogApiKeyDescriptor.ApplicationKeySetting,
            VendorApi.UrlSetting(DatadogApiKeyDescriptor.Address),
        ],
        [
            "https://docs.datadoghq.com/api/latest/service-accounts/",
            "https://docs.datadoghq.com/api/latest/key-management/validate-api-and-application-keys/",
            "https://docs.datadoghq.com/account_management/api-app-keys/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A key is tried together with the API key in `apiKey`: if that one does not work, no application key does.",
        ],
        Permissions:
        [
            "Of a service account: an application key of a user with `service_account_write`.",
            "Of a user: an application key of that user with `user_app_keys`.",
        ],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              terraform-datadog-key:
                provider: { type: datadog-application-key, serviceAccount: 5a1b7d3c-1b2c-11ef-9c5d-da7ad0900005, site: datadoghq.eu, apiKey: env:DD_API_KEY, applicationKey: env:DD_APP_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 12h, timeout: 3d }
                current: { id: 8b0c5d6e-1b2c-11ef-9c5d-da7ad0900005 }
                targets:
                  github: { type: github-secret, organization: acme, keys: { DD_APP_KEY: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Carries = ["the scopes"],
    };
}
