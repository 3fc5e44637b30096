using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Tailscale;

internal sealed class TailscaleProvider(VendorAccess access) : KeyVendor(TailscaleDescriptor.Instance, access)
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(90);

    protected override VendorApi Api { get; } =
        new("Tailscale", TailscaleDescriptor.Address, VendorAuth.Exchanged(LogInAsync), "message");

    protected override void Check(VendorCall call) => call.Expiry(TailscaleDescriptor.Lifetime, LongestLifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"{Keys(call)}/{id}"));
        var expires = call.Expiry(TailscaleDescriptor.Lifetime, LongestLifetime);
        var made = await call.PostAsync(Keys(call), new JsonObject
        {
            ["description"] = label,
            ["capabilities"] = call.List(TailscaleDescriptor.Tags) is { } tags
                ? Capabilities(tags)
                : before?.Copy("capabilities") ?? throw call.NotSaid(TailscaleDescriptor.Tags),
            ["expirySeconds"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        });
        return new(made.Text("id"), made.Secret("key"), made.Time("expires") ?? expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Keys(call)}?all=true",
        page => page.Items("keys").Where(key => key.Maybe("keyType") is null or "auth").Select(key =>
            new Listed(key.Text("id"), key.Maybe("description"), key.Time("created"))));

    protected override Task<Validity> TryAsync(VendorCall call, SecretValue value) =>
        value.RevealText().Trim().Split('-') is ["tskey", "auth", { Length: > 0 } id, { Length: > 0 }]
            ? LookAsync(call, id, $"{Keys(call)}/{id}", key => !key.Flag("invalid"))
            : Task.FromResult(Validity.Invalid);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}/{id}");

    private static Task<SecretValue> LogInAsync(VendorCall call) =>
        call.TokenAsync($"api/v2/oauth/token", TailscaleDescriptor.ClientId, TailscaleDescriptor.ClientSecret);

    private static JsonObject Capabilities(JsonArray tags) => new()
    {
        ["devices"] = new JsonObject
        {
            ["create"] = new JsonObject { ["reusable"] = true, ["ephemeral"] = false, ["preauthorized"] = true, ["tags"] = tags },
        },
    };

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"api/v2/tailnet/{call.Maybe(TailscaleDescriptor.Tailnet) ?? "-"}/keys");
}
