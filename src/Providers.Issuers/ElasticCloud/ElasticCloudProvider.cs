using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.ElasticCloud;

internal sealed class ElasticCloudProvider(VendorAccess access) : KeyVendor(ElasticCloudDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new(
        "Elastic Cloud", ElasticCloudDescriptor.Address, VendorAuth.Scheme("ApiKey", ElasticCloudDescriptor.Token), "message");

    protected override void Check(VendorCall call) => call.Expiry(ElasticCloudDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"api/v1/users/auth/keys/{id}"));
        var made = await call.PostAsync($"api/v1/users/auth/keys", new JsonObject
        {
            ["description"] = label,
            ["expiration"] = call.Expiry(ElasticCloudDescriptor.Lifetime) is { } end
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)(end - call.Now).TotalHours}h")
                : null,
            ["role_assignments"] = before?.Copy("role_assignments"),
        });
        return new(made.Text("id"), made.Secret("key"), made.Time("expiration_date"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"api/v1/users/auth/keys",
        page => page.Items("keys").Select(key => new Listed(
            key.Text("id"), key.Maybe("description"), key.Time("creation_date"), ExpiresAt: key.Time("expiration_date"))));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/v1/users/auth/keys").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"api/v1/users/auth/keys/{id}");
}
