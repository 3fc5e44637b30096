using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Resend;

internal sealed class ResendProvider(VendorAccess access) : KeyVendor(ResendDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Resend", ResendDescriptor.Address, VendorAuth.Bearer(ResendDescriptor.Token), "message") { PerMinute = 120 };

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync($"api-keys", new JsonObject
        {
            ["name"] = label,
            ["permission"] = call.Text(ResendDescriptor.Permission),
            ["domain_id"] = call.Maybe(ResendDescriptor.DomainId),
        });
        return new(made.Text("id"), made.Secret("token"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"api-keys?limit=100",
        page => page.Items("data").Select(key =>
            new Listed(key.Text("id"), key.Maybe("name"), key.Time("created_at"), key.Time("last_used_at"))),
        page => page.Flag("has_more") ? VendorPath.Of($"api-keys?limit=100&after={page.Items("data")[^1].Text("id")}") : null);

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"domains").Means(
        valid: [200],
        invalid: [400, 401, 403],
        reply => reply.Maybe("name") == "restricted_api_key" ? Validity.Valid : null);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"api-keys/{id}");
}
