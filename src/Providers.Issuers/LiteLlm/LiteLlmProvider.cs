using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LiteLlm;

internal sealed class LiteLlmProvider(VendorAccess access) : KeyVendor(LiteLlmDescriptor.Instance, access)
{
    private static readonly string[] Kept =
    [
        "aliases", "user_id", "max_budget", "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests", "metadata", "permissions",
    ];

    protected override VendorApi Api { get; } = new("LiteLLM", "", VendorAuth.Bearer(LiteLlmDescriptor.Token));

    protected override void Check(VendorCall call) => call.Expiry(LiteLlmDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = (await call.PreviousAsync(previous, id => VendorPath.Of($"key/info?key={id}")))?.At("info");
        var expires = call.Expiry(LiteLlmDescriptor.Lifetime);
        var body = new JsonObject
        {
            ["key_alias"] = label,
            ["models"] = call.List(LiteLlmDescriptor.Models) ?? before?.Copy("models"),
            ["team_id"] = call.Maybe(LiteLlmDescriptor.Team) ?? before?.Maybe("team_id"),
            ["duration"] = expires is { } end ? $"{(long)(end - call.Now).TotalSeconds}s" : null,
        };
        foreach (var member in Kept)
        {
            body[member] = before?.Copy(member);
        }

        var value = (await call.PostAsync($"key/generate", body)).Secret("key");
        return new(Convert.ToHexStringLower(SHA256.HashData(value.RevealBytes())), value, expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.PagesAsync(
        1,
        number => VendorPath.Of($"key/list?return_full_object=true&include_team_keys=true&size=100&page={number}"),
        page => page.Items("keys").Select(key => new Listed(key.Text("token"), key.Maybe("key_alias"), key.Time("created_at"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"v1/models");

    protected override Task EnableAsync(VendorCall call, string id, bool enabled) =>
        call.PostAsync(enabled ? VendorPath.Of($"key/unblock") : VendorPath.Of($"key/block"), new JsonObject { ["key"] = id });

    protected override Task DeleteAsync(VendorCall call, string id) =>
        call.PostAsync($"key/delete", new JsonObject { ["keys"] = new JsonArray(id) });
}
