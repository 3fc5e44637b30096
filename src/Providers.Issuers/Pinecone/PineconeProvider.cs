using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

internal sealed class PineconeProvider(VendorAccess access) : KeyVendor(PineconeDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Pinecone", PineconeDescriptor.Address, PineconeLogin.Own, "message", "error_description")
        {
            Headers = PineconeLogin.Headers,
            Minted = VendorAuth.Header("Api-Key", ""),
        };

    protected override void Check(VendorCall call) => Keys(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync(Keys(call), new JsonObject
        {
            ["name"] = label,
            ["roles"] = call.List(PineconeDescriptor.Roles)
                ?? (await call.PreviousAsync(previous, id => VendorPath.Of($"admin/api-keys/{id}")))?.Copy("roles"),
        });
        return new(made.At("key").Text("id"), made.Secret("value"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Keys(call),
        page => page.Items("data").Select(key => new Listed(key.Text("id"), key.Maybe("name"))));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"indexes").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"admin/api-keys/{id}");

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"admin/projects/{call.Text(PineconeDescriptor.Project)}/api-keys");
}
