using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.SendGrid;

internal sealed class SendGridProvider(VendorAccess access) : KeyVendor(SendGridDescriptor.Instance, access)
{
    private static readonly string[] OfTheAccount =
        ["2fa_required", "2fa_exempt", "sender_verification_eligible", "sender_verification_exempt"];

    protected override VendorApi Api { get; } =
        new("SendGrid", SendGridDescriptor.Address, VendorAuth.Bearer(SendGridDescriptor.Token)) { Most = 100 };

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync($"v3/api_keys", new JsonObject
        {
            ["name"] = label,
            ["scopes"] = call.List(SendGridDescriptor.Scopes)
                ?? Scopes(await call.PreviousAsync(previous, id => VendorPath.Of($"v3/api_keys/{id}")))
                ?? throw call.NotSaid(SendGridDescriptor.Scopes),
        });
        return new(made.Text("api_key_id"), made.Secret("api_key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"v3/api_keys",
        page => page.Items("result").Select(key => new Listed(key.Text("api_key_id"), key.Maybe("name"))));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"v3/scopes").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"v3/api_keys/{id}");

    /// <summary>The document has the key in a list, the API has it bare.</summary>
    private static JsonArray? Scopes(VendorReply? before) =>
        (before?.Has("result") == true ? before.Items("result")[0] : before)?.Copy("scopes") is JsonArray { Count: > 0 } scopes
            ? [.. scopes.Where(scope => !OfTheAccount.Contains((string?)scope)).Select(scope => scope!.DeepClone())]
            : null;
}
