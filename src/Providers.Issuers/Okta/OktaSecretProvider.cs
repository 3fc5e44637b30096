using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Okta;

internal sealed class OktaSecretProvider(VendorAccess access) : KeyVendor(OktaSecretDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Okta", OktaSecretDescriptor.Address, VendorAuth.Scheme("SSWS", OktaSecretDescriptor.Token), "errorSummary")
        {
            Minted = VendorAuth.Basic(OktaSecretDescriptor.Application, ""),
            Most = 2,
        };

    protected override void Check(VendorCall call) => Secrets(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync(Secrets(call), []);
        return new(made.Text("id"), made.Secret("client_secret"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Secrets(call),
        page => page.Items().Select(secret => new Listed(secret.Text("id"), null, secret.Time("created"))));

    protected override Probe Verify(VendorCall call, SecretValue value)
    {
        var server = call.Maybe(OktaSecretDescriptor.AuthorizationServer) is { } named
            ? VendorPath.Of($"oauth2/{named}/v1/token")
            : VendorPath.Of($"oauth2/v1/token");
        return Probe.ForToken(server, [], "unauthorized_client", "invalid_scope");
    }

    /// <summary>Only one that is not active can be deleted.</summary>
    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        var secret = await call.GetAsync($"{Secrets(call)}/{id}");
        if (secret.Text("status") == "ACTIVE")
        {
            await call.PostAsync($"{Secrets(call)}/{id}/lifecycle/deactivate");
        }

        await call.DeleteAsync($"{Secrets(call)}/{id}");
    }

    private static VendorPath Secrets(VendorCall call) =>
        VendorPath.Of($"api/v1/apps/{call.Text(OktaSecretDescriptor.Application)}/credentials/secrets");
}
