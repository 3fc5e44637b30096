using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenRouter;

internal sealed class OpenRouterProvider(VendorAccess access) : KeyVendor(OpenRouterDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("OpenRouter", OpenRouterDescriptor.Address, VendorAuth.Bearer(OpenRouterDescriptor.Token), "message");

    protected override void Check(VendorCall call) => call.Expiry(OpenRouterDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = (await call.PreviousAsync(previous, id => VendorPath.Of($"keys/{id}")))?.At("data");
        var expires = call.Expiry(OpenRouterDescriptor.Lifetime);
        var made = await call.PostAsync($"keys", new JsonObject
        {
            ["name"] = label,
            ["limit"] = call.Number(OpenRouterDescriptor.Limit) ?? before?.Copy("limit"),
            ["limit_reset"] = call.Maybe(OpenRouterDescriptor.LimitReset) ?? before?.Maybe("limit_reset"),
            ["include_byok_in_limit"] = before?.Copy("include_byok_in_limit"),
            ["workspace_id"] = call.Maybe(OpenRouterDescriptor.Workspace),
            ["expires_at"] = VendorCall.Moment(expires),
        });
        return new(made.At("data").Text("hash"), made.Secret("key"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        var (offset, workspace) = (0, call.Maybe(OpenRouterDescriptor.Workspace));
        VendorPath Page() => workspace is null
            ? VendorPath.Of($"keys?include_disabled=true&offset={offset}")
            : VendorPath.Of($"keys?include_disabled=true&offset={offset}&workspace_id={workspace}");
        return call.ListAsync(
            Page(),
            page => page.Items("data").Select(key => new Listed(
                key.Text("hash"),
                key.Maybe("name"),
                key.Time("created_at"),
                ExpiresAt: key.Time("expires_at"),
                Hint: key.Maybe("label"))),
            page =>
            {
                offset += page.Items("data").Count;
                return page.Items("data").Count > 0 ? Page() : null;
            });
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"key");

    protected override Task EnableAsync(VendorCall call, string id, bool enabled) =>
        call.PatchAsync($"keys/{id}", new JsonObject { ["disabled"] = !enabled });

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"keys/{id}");
}
