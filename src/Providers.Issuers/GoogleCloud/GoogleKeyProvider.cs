using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GoogleCloud;

internal sealed class GoogleKeyProvider(VendorAccess access) : KeyVendor(GoogleKeyDescriptor.Instance, access)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>As the assertion names it, whatever address it goes to.</summary>
    private const string Audience = "https://oauth2.googleapis.com/token";

    protected override VendorApi Api { get; } =
        new("Google Cloud", GoogleKeyDescriptor.Address, VendorAuth.Exchanged(LogInAsync), "error_description")
        {
            Minted = VendorAuth.None,
            Most = 10,
        };

    protected override void Check(VendorCall call) => Keys(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync(Keys(call), []);
        using var encoded = made.Secret("privateKeyData");
        var file = call.Register(SecretValue.FromText(Encoding.UTF8.GetString(Convert.FromBase64String(encoded.RevealText()))));
        return new(made.Text("name").Split('/')[^1], file);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Keys(call)}?keyTypes=USER_MANAGED",
        page => page.Has("keys")
            ? page.Items("keys").Select(key => new Listed(key.Text("name").Split('/')[^1], null, key.Time("validAfterTime")))
            : []);

    /// <summary>What is no key file is refused as Google would refuse it.</summary>
    protected override Task<Validity> TryAsync(VendorCall call, SecretValue value) => Assertion(call, value.RevealText()) is { } assertion
        ? call.AskAsync(
            Probe.Form(Token(call), Fields(assertion)).Means(
                valid: [200],
                invalid: [],
                reply => reply.Status is 400 or 401 && reply.Maybe("error") is "invalid_grant" or "invalid_client"
                    ? Validity.Invalid
                    : null),
            value)
        : Task.FromResult(Validity.Invalid);

    protected override Task EnableAsync(VendorCall call, string id, bool enabled) => enabled
        ? call.PostAsync($"{Keys(call)}/{id}:enable", [])
        : call.PostAsync($"{Keys(call)}/{id}:disable", []);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}/{id}");

    private static async Task<SecretValue> LogInAsync(VendorCall call)
    {
        using var file = await call.SecretAsync(GoogleKeyDescriptor.Credentials);
        var assertion = Assertion(call, file.RevealText())
            ?? throw call.Rejected($"'{GoogleKeyDescriptor.Credentials}' is no key file of a service account. Give one.");
        return (await call.AskFormAsync(Token(call), Fields(assertion))).Secret("access_token");
    }

    private static JsonObject Fields(string assertion) => new() { ["grant_type"] = Grant, ["assertion"] = assertion };

    /// <summary>What a key file signs to be given a token; null if it is none.</summary>
    private static string? Assertion(VendorCall call, string file)
    {
        try
        {
            var parts = JsonNode.Parse(file);
            using var key = SignedToken.Key((string?)parts?["private_key"] ?? "");
            return key is null || (string?)parts!["client_email"] is not { } account ? null
                : SignedToken.Of(
                    call,
                    key,
                    new JsonObject { ["iss"] = account, ["scope"] = "https://www.googleapis.com/auth/cloud-platform", ["aud"] = Audience },
                    (string?)parts["private_key_id"]).RevealText();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static VendorPath Token(VendorCall call) =>
        call.Elsewhere(GoogleKeyDescriptor.TokenUrl, GoogleKeyDescriptor.TokenAddress, $"token");

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"v1/projects/-/serviceAccounts/{call.Text(GoogleKeyDescriptor.ServiceAccount)}/keys");
}
