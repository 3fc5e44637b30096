using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Datadog;

internal sealed class DatadogApplicationKeyProvider(VendorAccess access) : KeyVendor(DatadogApplicationKeyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Datadog", DatadogApiKeyDescriptor.Address, DatadogAuth.Own) { Minted = DatadogAuth.Issued };

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"{Keys(call)}/{id}"));
        var attributes = new JsonObject { ["name"] = label };
        if ((call.List(DatadogApplicationKeyDescriptor.Scopes) ?? before?.At("data").At("attributes").Copy("scopes")) is { } scopes)
        {
            attributes["scopes"] = scopes;
        }

        var made = (await call.PostAsync(Keys(call), new JsonObject
        {
            ["data"] = new JsonObject { ["type"] = "application_keys", ["attributes"] = attributes },
        })).At("data");
        return new(made.Text("id"), made.At("attributes").Secret("key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) =>
        DatadogAuth.ListAsync(call, Keys(call), "last_used_at");

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/v2/validate_keys").Means(valid: [200], invalid: [401, 403]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}/{id}");

    private static VendorPath Keys(VendorCall call) =>
        call.Maybe(DatadogApplicationKeyDescriptor.ServiceAccount) is { } account
            ? VendorPath.Of($"api/v2/service_accounts/{account}/application_keys")
            : VendorPath.Of($"api/v2/current_user/application_keys");
}
