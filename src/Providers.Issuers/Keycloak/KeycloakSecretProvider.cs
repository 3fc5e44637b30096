using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

/// <summary>A client without the policy that rotates secrets: one secret, which is set.</summary>
internal sealed class KeycloakSecretProvider(VendorAccess access) : ValueVendor(KeycloakSecretDescriptor.Instance, access)
{
    protected override VendorApi Api => KeycloakApi.Api;

    protected override void Check(VendorCall call) => KeycloakApi.CheckClient(call);

    protected override async Task SetAsync(VendorCall call, SecretValue value)
    {
        var client = await FindAsync(call);
        await KeycloakApi.SetAsync(call, client, value.RevealText());
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => KeycloakApi.Verify(call, value);

    protected override Task TryOwnAsync(VendorCall call) => FindAsync(call);

    private static async Task<VendorReply> FindAsync(VendorCall call)
    {
        var client = await KeycloakApi.FindAsync(call);
        KeycloakApi.CheckSecret(call, client);
        return KeycloakApi.Attribute(client, KeycloakApi.SecretEnds) is null
            ? client
            : throw call.Rejected(
                $"The client {call.Text(KeycloakApi.Client)} is under a policy that rotates secrets. Write type: keycloak-rotated-secret, "
                    + "where the old one lives on; or take the client out of the policy.");
    }
}
