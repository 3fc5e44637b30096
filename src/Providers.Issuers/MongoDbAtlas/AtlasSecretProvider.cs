using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.MongoDbAtlas;

internal sealed class AtlasSecretProvider(VendorAccess access) : KeyVendor(AtlasSecretDescriptor.Instance, access)
{
    private const string Version = "application/vnd.atlas.2024-08-05+json";

    protected override VendorApi Api { get; } =
        AtlasLogin.Api(Version) with { Minted = VendorAuth.Basic(AtlasSecretDescriptor.ServiceAccount, "") };

    protected override void Check(VendorCall call) => _ = (Account(call), call.Text(AtlasLogin.ClientId), Hours(call));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync($"{Account(call)}/secrets", new JsonObject { ["secretExpiresAfterHours"] = Hours(call) });
        return new(made.Text("id"), made.Secret("secret"), made.Time("expiresAt"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Account(call),
        page => page.Items("secrets").Select(secret =>
            new Listed(secret.Text("id"), null, secret.Time("createdAt"), secret.Time("lastUsedAt"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.ForToken($"api/oauth/token", []);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Account(call)}/secrets/{id}");

    private static int Hours(VendorCall call) =>
        (int)((call.Expiry(AtlasSecretDescriptor.Lifetime) - call.Now)?.TotalHours
            ?? throw call.Rejected("'lifetime' is not set, and Atlas makes no secret without an end. Set it."));

    private static VendorPath Account(VendorCall call)
    {
        var (organization, account) = (call.Text(AtlasSecretDescriptor.Organization), call.Text(AtlasSecretDescriptor.ServiceAccount));
        return VendorPath.Of($"api/atlas/v2/orgs/{organization}/serviceAccounts/{account}");
    }
}
