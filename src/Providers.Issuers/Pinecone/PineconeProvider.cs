using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

internal sealed class PineconeProvider(VendorAccess access) : KeyVendor(PineconeDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Pinecone", PineconeDescriptor.Address, VendorAuth.Exchanged(LogInAsync), "message", "error_description")
        {
            Headers = [("Accept", "application/json"), ("X-Pinecone-Api-Version", "2026-04")],
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

    private static async Task<SecretValue> LogInAsync(VendorCall call)
    {
        using var secret = await call.SecretAsync(PineconeDescriptor.ClientSecret);
        var session = await call.AskAsync(
            call.Elsewhere(PineconeDescriptor.LoginUrl, PineconeDescriptor.LoginAddress, $"oauth/token"),
            new JsonObject
            {
                ["client_id"] = call.Text(PineconeDescriptor.ClientId),
                ["client_secret"] = secret.RevealText(),
                ["grant_type"] = "client_credentials",
                ["audience"] = "https://api.pinecone.io/",
            });
        return session.Secret("access_token");
    }

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"admin/projects/{call.Text(PineconeDescriptor.Project)}/api-keys");
}
