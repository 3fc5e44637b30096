using Rotunda.Providers.Vendors;

namespace Rotunda.Providers.Issuers.Datadog;

/// <summary>How Datadog's keys show themselves: an application key never without an API key.</summary>
internal static class DatadogAuth
{
    public const string ApiKeyHeader = "DD-API-KEY";

    public static VendorAuth Own { get; } = WithApiKey(DatadogApiKeyDescriptor.ApplicationKey);

    public static VendorAuth Issued { get; } = WithApiKey("");

    public static VendorPath Page(VendorPath keys, int number) => VendorPath.Of($"{keys}?page[size]=100&page[number]={number}");

    private static VendorAuth WithApiKey(string setting) => VendorAuth.Written(setting, async (call, _, value) =>
    {
        using var api = await call.SecretAsync(DatadogApiKeyDescriptor.ApiKey);
        return [(ApiKeyHeader, api.RevealText().Trim()), ("DD-APPLICATION-KEY", value)];
    });
}
