using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.DigitalOcean;

internal sealed class SpacesKeyProvider(VendorAccess access) : KeyVendor(SpacesKeyDescriptor.Instance, access)
{
    private const string FullAccess = "fullaccess";

    protected override VendorApi Api { get; } =
        new("DigitalOcean", SpacesKeyDescriptor.Address, VendorAuth.Bearer(SpacesKeyDescriptor.Token), "message")
        {
            Minted = AwsAuth.Pair("s3", call => call.Text(SpacesKeyDescriptor.Region)),
        };

    protected override void Check(VendorCall call)
    {
        _ = call.Text(SpacesKeyDescriptor.Region);
        var isFull = call.Maybe(SpacesKeyDescriptor.Permission) == FullAccess;
        if ((call.Maybe(SpacesKeyDescriptor.Permission) is null || isFull) == (call.List(SpacesKeyDescriptor.Buckets) is not null))
        {
            throw call.Rejected(
                "'permission' and 'buckets' go together. Set both, or 'permission' to fullaccess alone, which is for all buckets.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"v2/spaces/keys/{id}"));
        var made = (await call.PostAsync($"v2/spaces/keys", new JsonObject
        {
            ["name"] = label,
            ["grants"] = Grants(call) ?? Bare(before)?.Copy("grants") ?? throw call.NotSaid(SpacesKeyDescriptor.Permission),
        })).At("key");
        return new(made.Text("access_key"), made.Secret("secret_key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"v2/spaces/keys?per_page=200",
        page => page.Items("keys").Select(key => new Listed(key.Text("access_key"), key.Maybe("name"), key.Time("created_at"))),
        page => page.Has("links") && page.At("links").Has("pages") ? call.Link(page.At("links").At("pages").Maybe("next")) : null);

    /// <summary>A key that may not list buckets is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        AwsAuth.Buckets(call.Elsewhere(SpacesKeyDescriptor.SpacesUrl, SpacesKeyDescriptor.SpacesAddress, $""));

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"v2/spaces/keys/{id}");

    private static JsonArray? Grants(VendorCall call) => call.Maybe(SpacesKeyDescriptor.Permission) is not { } permission ? null
        : permission == FullAccess ? [Grant("", permission)]
        : [.. call.List(SpacesKeyDescriptor.Buckets)!.Select(bucket => Grant((string)bucket!, permission))];

    private static JsonObject Grant(string bucket, string permission) =>
        new JsonObject { ["bucket"] = bucket, ["permission"] = permission };

    /// <summary>The document has the key in a list, its examples have it bare.</summary>
    private static VendorReply? Bare(VendorReply? before) =>
        before is null ? null : before.Has("key") ? before.At("key") : before.Items("keys")[0];
}
