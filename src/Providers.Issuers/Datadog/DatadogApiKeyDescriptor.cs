using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Datadog;

internal static class DatadogApiKeyDescriptor
{
    public const string Site = "site";
    public const string ApiKey = "apiKey";
    public const string ApplicationKey = "applicationKey";
    public const string Address = "https://api.{site}";

    public static SettingDescriptor SiteSetting { get; } =
        new(Site, SettingType.Text, "Datadog's site, such as `datadoghq.com`, `datadoghq.eu` or `us5.datadoghq.com`.", Required: true);

    public static SettingDescriptor ApiKeySetting { get; } =
        new(ApiKey, SettingType.Text, "An API key of the organisation, which goes along with Rotunda's own application key.", Required: true, IsSecret: true);

    public static SettingDescriptor ApplicationKeySetting { get; } =
        new(ApplicationKey, SettingType.Text, "The application key by which Rotunda issues the others.", Required: true, IsSecret: true);

    public static ProviderDescriptor Instance { get; } = new(
        "datadog-api-key",
        "Datadog API key",
        "Issues and revokes API keys of an organisation at Datadog: those by which agents send. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [SiteSetting, ApiKeySetting, ApplicationKeySetting, VendorApi.UrlSetting(Address)],
        [
            "https://docs.datadoghq.com/api/latest/key-management/",
            "https://docs.datadoghq.com/api/latest/authentication/#validate-api-key",
            "https://docs.datadoghq.com/account_management/api-app-keys/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "An organisation has at most 50 API keys, and their names are unique.",
            "The API key that Rotunda uses itself is another secret: do not rotate it by itself.",
        ],
        Permissions: ["An application key of a user or service account with `api_keys_read`, `api_keys_write` and `api_keys_delete`."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              agent-key:
                provider: { type: datadog-api-key, site: datadoghq.eu, apiKey: env:DD_API_KEY, applicationKey: env:DD_APP_KEY }
                interval: 180d
                grace: 7d
                evidence: { quietFor: 1d, timeout: 5d }
                targets:
                  cluster: { type: kubernetes-secret, namespace: datadog, secret: datadog, keys: { api-key: "{value}" } }
            """)
    {
        Carries = ["the category", "whether it may be used for remote configuration"],
    };
}
