using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Auth0;

internal sealed class Auth0Provider(VendorAccess access) : ValueVendor(Auth0Descriptor.Instance, access)
{
    private const string Secret = "client_secret";
    private static readonly string[] Secretless = ["none", "private_key_jwt"];

    protected override VendorApi Api { get; } =
        new("Auth0", Auth0Descriptor.Address, VendorAuth.Exchanged(LogInAsync), "message", "error_description")
        {
            Minted = VendorAuth.None,
        };

    protected override void Check(VendorCall call)
    {
        if (call.Text(Auth0Descriptor.Client) == call.Text(Auth0Descriptor.ClientId))
        {
            throw call.Rejected(
                "'client' is the application as which Rotunda logs in, so it would lock itself out. Give it another one to log in as.");
        }

        _ = (call.Text(Auth0Descriptor.Domain), Client(call));
    }

    protected override Task SetAsync(VendorCall call, SecretValue value) =>
        call.PatchAsync(Client(call), new JsonObject { [Secret] = value.RevealText() });

    /// <summary>By itself where the application may have tokens that way; else it is compared with what Auth0 has.</summary>
    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value)
    {
        if (call.Maybe(Auth0Descriptor.Audience) is not null)
        {
            return await base.TryAsync(call, value);
        }

        using var there = (await call.GetAsync($"{Client(call)}?fields={Secret}&include_fields=true")).Secret(Secret);
        return CryptographicOperations.FixedTimeEquals(Bytes(there), Bytes(value)) ? Validity.Valid : Validity.Invalid;
    }

    /// <summary>That an application may not have a token is said with status 403, and tells nothing of its secret.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Form($"oauth/token", new JsonObject
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = call.Text(Auth0Descriptor.Client),
        [Secret] = value.RevealText(),
        ["audience"] = call.Text(Auth0Descriptor.Audience),
    });

    protected override async Task TryOwnAsync(VendorCall call)
    {
        var client = await call.GetAsync($"{Client(call)}?fields=token_endpoint_auth_method,{Secret}&include_fields=true");
        if (Secretless.Contains(client.Maybe("token_endpoint_auth_method")) || !client.Has(Secret))
        {
            throw call.Rejected(
                $"The application {call.Text(Auth0Descriptor.Client)} has no secret that Rotunda may see: it logs in otherwise "
                    + $"({client.Maybe("token_endpoint_auth_method") ?? "not told"}), or 'read:client_keys' is missing. Check both.");
        }

        client.Secret(Secret).Dispose();
    }

    private static Task<SecretValue> LogInAsync(VendorCall call) => call.TokenAsync(
        VendorPath.Of($"oauth/token"),
        Auth0Descriptor.ClientId,
        Auth0Descriptor.ClientSecret,
        audience: $"https://{call.Text(Auth0Descriptor.Domain)}/api/v2/");

    private static byte[] Bytes(SecretValue value) => Encoding.UTF8.GetBytes(value.RevealText());

    private static VendorPath Client(VendorCall call) => VendorPath.Of($"api/v2/clients/{call.Text(Auth0Descriptor.Client)}");
}
