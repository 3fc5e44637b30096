using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Entra;

internal sealed class EntraPasswordProvider(VendorAccess access) : KeyVendor(EntraPasswordDescriptor.Instance, access)
{
    private const string Scope = "https://graph.microsoft.com/.default";

    protected override VendorApi Api { get; } =
        new("Entra", EntraPasswordDescriptor.Address, MicrosoftLogin.For(Scope), "error_description") { Minted = VendorAuth.None };

    protected override void Check(VendorCall call)
    {
        _ = (Application(call), call.Text(EntraPasswordDescriptor.ApplicationClient), MicrosoftLogin.Token(call));
        _ = call.Expiry(EntraPasswordDescriptor.Lifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var wanted = new JsonObject { ["displayName"] = label };
        if (call.Expiry(EntraPasswordDescriptor.Lifetime) is { } end)
        {
            wanted["endDateTime"] = VendorCall.Moment(end);
        }

        var made = await call.PostAsync($"{Application(call)}/addPassword", new JsonObject { ["passwordCredential"] = wanted });
        return new(made.Text("keyId"), made.Secret("secretText"), made.Time("endDateTime"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Application(call)}?$select=passwordCredentials",
        page => page.Items("passwordCredentials").Select(secret =>
            new Listed(secret.Text("keyId"), secret.Maybe("displayName"), secret.Time("startDateTime"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.ForToken(MicrosoftLogin.Token(call), new JsonObject
    {
        ["client_id"] = call.Text(EntraPasswordDescriptor.ApplicationClient),
        ["client_secret"] = value.RevealText(),
        ["scope"] = Scope,
    });

    protected override Task DeleteAsync(VendorCall call, string id) =>
        call.PostAsync($"{Application(call)}/removePassword", new JsonObject { ["keyId"] = id });

    private static VendorPath Application(VendorCall call) =>
        VendorPath.Of($"v1.0/applications/{call.Text(EntraPasswordDescriptor.Application)}");
}
