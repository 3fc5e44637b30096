using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Algolia;

internal sealed class AlgoliaProvider(VendorAccess access) : KeyVendor(AlgoliaDescriptor.Instance, access)
{
    private const int IdDigits = 16;
    private static readonly string[] Restrictions =
        ["maxHitsPerQuery", "maxQueriesPerIPPerHour", "queryParameters", "referers"];

    protected override VendorApi Api { get; } =
        new("Algolia", AlgoliaDescriptor.Address, VendorAuth.Written(AlgoliaDescriptor.Token, HeadersAsync), "message");

    protected override void Check(VendorCall call) => call.Expiry(AlgoliaDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = previous is null ? null : await FindAsync(call, previous) ?? throw call.NotThere(previous);
        var expires = call.Expiry(AlgoliaDescriptor.Lifetime);
        var body = new JsonObject
        {
            ["description"] = label,
            ["acl"] = call.List(AlgoliaDescriptor.Rights) ?? before?.Copy("acl") ?? throw call.NotSaid(AlgoliaDescriptor.Rights),
            ["indexes"] = call.List(AlgoliaDescriptor.Indexes) ?? before?.Copy("indexes"),
            ["validity"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        };
        foreach (var restriction in Restrictions)
        {
            body[restriction] = before?.Copy(restriction);
        }

        var value = (await call.PostAsync($"1/keys", body)).Secret("key");
        return new(IdOf(value.RevealText()), value, expires);
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var key in (await call.GetAsync($"1/keys")).Items("keys"))
        {
            using var value = key.Secret("value");
            yield return new(IdOf(value.RevealText()), key.Maybe("description"), key.Time("createdAt"));
        }
    }

    /// <summary>Each key may read itself.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"1/keys/{value.RevealText()}").Means(valid: [200], invalid: [403, 404]);

    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        using var value = (await FindAsync(call, id) ?? throw call.Missing(id)).Secret("value");
        await call.DeleteAsync($"1/keys/{value.RevealText()}");
    }

    private static async Task<VendorReply?> FindAsync(VendorCall call, string id)
    {
        foreach (var key in (await call.GetAsync($"1/keys")).Items("keys"))
        {
            using var value = key.Secret("value");
            if (IdOf(value.RevealText()) == id)
            {
                return key;
            }
        }

        return null;
    }

    private static string IdOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..IdDigits];

    private static Task<IReadOnlyList<(string Name, string Value)>> HeadersAsync(VendorCall call, WebRequest request, string key) =>
        Task.FromResult<IReadOnlyList<(string, string)>>(
            [("x-algolia-application-id", call.Text(AlgoliaDescriptor.Application)), ("x-algolia-api-key", key)]);
}
