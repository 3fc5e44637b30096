using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Anthropic;

internal sealed class AnthropicProvider(VendorAccess access) : KeyVendor(AnthropicDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Anthropic", AnthropicDescriptor.Address, VendorAuth.Header("x-api-key", AnthropicDescriptor.AdminKey), "message")
        {
            Headers = [("Accept", "application/json"), ("anthropic-version", "2023-06-01")],
        };

    protected override bool ListsFor(VendorCall call) => call.Maybe(AnthropicDescriptor.AdminKey) is not null;

    /// <summary>Without an admin key there is nothing of Rotunda's own to try.</summary>
    protected override Task TryOwnAsync(VendorCall call) => Task.CompletedTask;

    /// <summary>What is archived or has expired works no more, and stays listed.</summary>
    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Page(call, after: null),
        page => page.Items("data").Where(key => key.Text("status") is "active" or "inactive").Select(key =>
            new Listed(key.Text("id"), key.Maybe("name"), key.Time("created_at"))
            {
                ExpiresAt = key.Time("expires_at"),
                Hint = key.Maybe("partial_key_hint"),
            }),
        page => page.Flag("has_more") ? Page(call, page.Text("last_id")) : null);

    /// <summary>A key that may not list models is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"v1/models?limit=1").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => SetAsync(call, id, "archived");

    protected override Task EnableAsync(VendorCall call, string id, bool enabled) => SetAsync(call, id, enabled ? "active" : "inactive");

    private static Task<VendorReply> SetAsync(VendorCall call, string id, string status) =>
        call.PostAsync($"v1/organizations/api_keys/{id}", new JsonObject { ["status"] = status });

    private static VendorPath Page(VendorCall call, string? after)
    {
        var path = VendorPath.Of($"v1/organizations/api_keys?limit=1000");
        path = call.Maybe(AnthropicDescriptor.Workspace) is { } workspace ? VendorPath.Of($"{path}&workspace_id={workspace}") : path;
        return after is null ? path : VendorPath.Of($"{path}&after_id={after}");
    }
}
