using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Databricks;

internal sealed class DatabricksTokenProvider(VendorAccess access) : KeyVendor(DatabricksTokenDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("Databricks", "", VendorAuth.Exchanged(LogInAsync), "message", "error_description");

    protected override void Check(VendorCall call)
    {
        _ = call.Text(DatabricksTokenDescriptor.ClientId);
        _ = call.Expiry(DatabricksTokenDescriptor.Lifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(DatabricksTokenDescriptor.Lifetime);
        var made = await call.PostAsync($"api/2.0/token/create", new JsonObject
        {
            ["comment"] = label,
            ["lifetime_seconds"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        });
        var info = made.At("token_info");
        return new(info.Text("token_id"), made.Secret("token_value"), info.Time("expiry_time"));
    }

    /// <summary>Without any, the list is left out of the answer.</summary>
    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"api/2.0/token/list",
        page => page.Has("token_infos")
            ? page.Items("token_infos").Select(token =>
                new Listed(token.Text("token_id"), token.Maybe("comment"), token.Time("creation_time")))
            : []);

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/2.0/preview/scim/v2/Me").Means(valid: [200], invalid: [401, 403]);

    protected override Task DeleteAsync(VendorCall call, string id) =>
        call.PostAsync($"api/2.0/token/delete", new JsonObject { ["token_id"] = id });

    private static Task<SecretValue> LogInAsync(VendorCall call) => call.TokenAsync(
        $"oidc/v1/token",
        DatabricksTokenDescriptor.ClientId,
        DatabricksTokenDescriptor.ClientSecret,
        "all-apis",
        inHeader: true);
}
