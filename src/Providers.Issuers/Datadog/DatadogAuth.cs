using Rotunda.Providers.Vendors;

namespace Rotunda.Providers.Issuers.Datadog;

/// <summary>How Datadog's keys show themselves, an application key never without an API key, and how they are listed.</summary>
internal static class DatadogAuth
{
    public const string ApiKeyHeader = "DD-API-KEY";

    public static VendorAuth Own { get; } = WithApiKey(DatadogApiKeyDescriptor.ApplicationKey);

    public static VendorAuth Issued { get; } = WithApiKey("");

    /// <param name="used">The member that tells when a key was last used.</param>
    public static IAsyncEnumerable<Listed> ListAsync(VendorCall call, VendorPath keys, string used) => call.PagesAsync(
        0,
        number => VendorPath.Of($"{keys}?page[size]=100&page[number]={number}"),
        page => page.Items("data").Select(key => (Id: key.Text("id"), Has: key.At("attributes"))).Select(key =>
            new Listed(key.Id, key.Has.Maybe("name"), key.Has.Time("created_at"), key.Has.Time(used))));

    private static VendorAuth WithApiKey(string setting) => VendorAuth.Written(setting, async (call, _, value) =>
    {
        using var api = await call.SecretAsync(DatadogApiKeyDescriptor.ApiKey);
        return [(ApiKeyHeader, api.RevealText().Trim()), ("DD-APPLICATION-KEY", value)];
    });
}
