using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Fireworks;

internal sealed class FireworksProvider(VendorAccess access) : KeyVendor(FireworksDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Fireworks", FireworksDescriptor.Address, VendorAuth.Bearer(FireworksDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        _ = Keys(call);
        _ = call.Expiry(FireworksDescriptor.Lifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(FireworksDescriptor.Lifetime);
        var key = new JsonObject { ["displayName"] = label };
        if (expires is not null)
        {
            key["expireTime"] = VendorCall.Moment(expires);
        }

        var made = await call.PostAsync(Keys(call), new JsonObject { ["apiKey"] = key });
        return new(made.Text("keyId"), made.Secret("key"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Keys(call)}?pageSize=200",
        page => page.Items("apiKeys").Select(key => new Listed(key.Text("keyId"), key.Maybe("displayName"), key.Time("createTime"))),
        page => page.Maybe("nextPageToken") is { Length: > 0 } next ? VendorPath.Of($"{Keys(call)}?pageSize=200&pageToken={next}") : null);

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"inference/v1/models").Means(valid: [200], invalid: [401, 403]);

    protected override Task DeleteAsync(VendorCall call, string id) =>
        call.PostAsync($"{Keys(call)}:delete", new JsonObject { ["keyId"] = id });

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"v1/accounts/{call.Text(FireworksDescriptor.Account)}/users/{call.Text(FireworksDescriptor.User)}/apiKeys");
}
