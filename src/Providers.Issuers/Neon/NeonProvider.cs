using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Neon;

internal sealed class NeonProvider(VendorAccess access) : KeyVendor(NeonDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Neon", NeonDescriptor.Address, VendorAuth.Bearer(NeonDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        if (call.Maybe(NeonDescriptor.Project) is not null && call.Maybe(NeonDescriptor.Organization) is null)
        {
            throw call.Rejected("'project' is for keys of an organisation: set 'organization', too.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var project = call.Maybe(NeonDescriptor.Project);
        if (project is null && previous is not null && call.Maybe(NeonDescriptor.Organization) is not null)
        {
            var keys = (await call.GetAsync(Keys(call))).Items();
            project = (keys.FirstOrDefault(key => key.Text("id") == previous) ?? throw call.NotThere(previous)).Maybe("project_id");
        }

        var made = await call.PostAsync(Keys(call), new JsonObject { ["key_name"] = label, ["project_id"] = project });
        return new(made.Text("id"), made.Secret("key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Keys(call),
        page => page.Items().Select(key =>
            new Listed(key.Text("id"), key.Maybe("name"), key.Time("created_at"), key.Time("last_used_at"))));

    /// <summary>A key that may not ask this, of one project say, is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => (call.Maybe(NeonDescriptor.Organization) is { } organization
        ? Probe.Get($"projects?limit=1&org_id={organization}")
        : Probe.Get($"users/me")).Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}/{id}");

    private static VendorPath Keys(VendorCall call) => call.Maybe(NeonDescriptor.Organization) is { } organization
        ? VendorPath.Of($"organizations/{organization}/api_keys")
        : VendorPath.Of($"api_keys");
}
