using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Grafana;

internal sealed class GrafanaProvider(VendorAccess access) : KeyVendor(GrafanaDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("Grafana", "", VendorAuth.Bearer(GrafanaDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        _ = Tokens(call);
        _ = call.Expiry(GrafanaDescriptor.Lifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(GrafanaDescriptor.Lifetime);
        var made = await call.PostAsync(Tokens(call), new JsonObject
        {
            ["name"] = label,
            ["secondsToLive"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        });
        return new(made.Text("id"), made.Secret("key"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Tokens(call),
        page => page.Items().Where(token => !token.Flag("isRevoked")).Select(token =>
            new Listed(token.Text("id"), token.Maybe("name"), token.Time("created"), token.Time("lastUsedAt"), token.Time("expiration"))));

    /// <summary>A token that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"api/org").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    private static VendorPath Tokens(VendorCall call) =>
        VendorPath.Of($"api/serviceaccounts/{call.Text(GrafanaDescriptor.ServiceAccount)}/tokens");
}
