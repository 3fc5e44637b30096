using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Datadog;

internal sealed class DatadogApiKeyProvider(VendorAccess access) : KeyVendor(DatadogApiKeyDescriptor.Instance, access)
{
    private const string Keys = "api_keys";

    protected override VendorApi Api { get; } = new("Datadog", DatadogApiKeyDescriptor.Address, DatadogAuth.Own)
    {
        Minted = VendorAuth.Header(DatadogAuth.ApiKeyHeader, ""),
        Most = 50,
    };

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = (await call.PreviousAsync(previous, id => VendorPath.Of($"api/v2/{Keys}/{id}")))?.At("data").At("attributes");
        var attributes = new JsonObject { ["name"] = label };
        foreach (var member in new[] { "category", "remote_config_read_enabled" })
        {
            if (before?.Copy(member) is { } kept)
            {
                attributes[member] = kept;
            }
        }

        var made = (await call.PostAsync($"api/v2/{Keys}", new JsonObject
        {
            ["data"] = new JsonObject { ["type"] = Keys, ["attributes"] = attributes },
        })).At("data");
        return new(made.Text("id"), made.At("attributes").Secret("key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) =>
        DatadogAuth.ListAsync(call, VendorPath.Of($"api/v2/{Keys}"), "date_last_used");

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/v1/validate").Means(valid: [200], invalid: [401, 403]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"api/v2/{Keys}/{id}");
}
