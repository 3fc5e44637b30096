using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Portkey;

internal sealed class PortkeyProvider(VendorAccess access) : KeyVendor(PortkeyDescriptor.Instance, access)
{
    private const int PageSize = 100;

    protected override VendorApi Api { get; } =
        new("Portkey", PortkeyDescriptor.Address, VendorAuth.Header("x-portkey-api-key", PortkeyDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        _ = call.Expiry(PortkeyDescriptor.Lifetime);
        if (Kind(call) != "organisation-service" && call.Maybe(PortkeyDescriptor.Workspace) is null)
        {
            throw call.Rejected("'workspace' is not set, and keys of a workspace need one. Set it.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"api-keys/{id}"));
        var expires = call.Expiry(PortkeyDescriptor.Lifetime);
        var kind = Kind(call).Split('-');
        var made = await call.PostAsync($"api-keys/{kind[0]}/{kind[1]}", new JsonObject
        {
            ["name"] = label,
            ["workspace_id"] = call.Maybe(PortkeyDescriptor.Workspace),
            ["user_id"] = call.Maybe(PortkeyDescriptor.User),
            ["scopes"] = call.List(PortkeyDescriptor.Scopes) ?? before?.Copy("scopes")
                ?? throw call.NotSaid(PortkeyDescriptor.Scopes),
            ["rate_limits"] = before?.Copy("rate_limits"),
            ["usage_limits"] = before?.Copy("usage_limits"),
            ["defaults"] = before?.Copy("defaults"),
            ["expires_at"] = VendorCall.Moment(expires),
        });
        return new(made.Text("id"), made.Secret("key"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.PagesAsync(
        0,
        number => call.Maybe(PortkeyDescriptor.Workspace) is { } workspace
            ? VendorPath.Of($"api-keys?page_size={PageSize}&current_page={number}&workspace_id={workspace}")
            : VendorPath.Of($"api-keys?page_size={PageSize}&current_page={number}"),
        page => page.Items("data")
            .Select(key => new Listed(key.Text("id"), key.Maybe("name"), key.Time("created_at"), ExpiresAt: key.Time("expires_at"))));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"models").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"api-keys/{id}");

    private static string Kind(VendorCall call) => call.Maybe(PortkeyDescriptor.Kind) ?? "workspace-service";
}
