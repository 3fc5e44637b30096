using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LaunchDarkly;

internal sealed class LaunchDarklyProvider(VendorAccess access) : KeyVendor(LaunchDarklyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("LaunchDarkly", LaunchDarklyDescriptor.Address, VendorAuth.Header("Authorization", LaunchDarklyDescriptor.Token), "message");

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"api/v2/tokens/{id}"));
        var body = Rights(call, before) ?? throw call.NotSaid(LaunchDarklyDescriptor.Role);
        body["name"] = label;
        body["serviceToken"] = !call.Flag(LaunchDarklyDescriptor.Personal, before is not null && !before.Flag("serviceToken"));
        body["defaultApiVersion"] = before?.Copy("defaultApiVersion");
        var made = await call.PostAsync($"api/v2/tokens", body);
        return new(made.Text("_id"), made.Secret("token"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"api/v2/tokens?showAll=true&limit=100",
        page => page.Items("items").Select(token =>
            new Listed(token.Text("_id"), token.Maybe("name"), token.Time("creationDate"), token.Time("lastUsed"))),
        page => page.Has("_links") && page.At("_links").Has("next") ? call.Link(page.At("_links").At("next").Text("href")) : null);

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"api/v2/caller-identity");

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"api/v2/tokens/{id}");

    /// <summary>One of the three ways to say what a token may do; null if nothing says it.</summary>
    private static JsonObject? Rights(VendorCall call, VendorReply? before) =>
        call.Maybe(LaunchDarklyDescriptor.Role) is { } role ? new() { ["role"] = role }
        : call.List(LaunchDarklyDescriptor.CustomRoles) is { } roles ? new() { ["customRoleIds"] = roles }
        : before?.Copy("inlineRole") is JsonArray { Count: > 0 } policy ? new() { ["inlineRole"] = policy }
        : before?.Copy("customRoleIds") is JsonArray { Count: > 0 } custom ? new() { ["customRoleIds"] = custom }
        : before?.Maybe("role") is { Length: > 0 } builtIn ? new() { ["role"] = builtIn }
        : null;
}
