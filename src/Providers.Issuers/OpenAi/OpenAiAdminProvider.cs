using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenAi;

internal sealed class OpenAiAdminProvider(VendorAccess access) : KeyVendor(OpenAiAdminDescriptor.Instance, access)
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    protected override VendorApi Api { get; } =
        new("OpenAI", OpenAiAdminDescriptor.Address, VendorAuth.Bearer(OpenAiAdminDescriptor.Token), "message");

    protected override void Check(VendorCall call) => call.Expiry(OpenAiAdminDescriptor.Lifetime, LongestLifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(OpenAiAdminDescriptor.Lifetime, LongestLifetime);
        var made = await call.PostAsync($"organization/admin_api_keys", new JsonObject
        {
            ["name"] = label,
            ["expires_in_seconds"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        });
        return new(made.Text("id"), made.Secret("value"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"organization/admin_api_keys?limit=100",
        page => page.Items("data").Select(key =>
            new Listed(
                key.Text("id"),
                key.Maybe("name"),
                key.Time("created_at"),
                key.Time("last_used_at"),
                key.Time("expires_at"),
                key.Maybe("redacted_value"))),
        page => page.Flag("has_more")
            ? VendorPath.Of($"organization/admin_api_keys?limit=100&after={page.Items("data")[^1].Text("id")}")
            : null);

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"organization/admin_api_keys?limit=1");

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"organization/admin_api_keys/{id}");
}
