using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Elasticsearch;

internal sealed class ElasticsearchProvider(VendorAccess access) : KeyVendor(ElasticsearchDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Elasticsearch", "", VendorAuth.Basic(ElasticsearchDescriptor.User, ElasticsearchDescriptor.Password))
        {
            Minted = VendorAuth.Scheme("ApiKey", ""),
        };

    protected override void Check(VendorCall call)
    {
        _ = call.Text(ElasticsearchDescriptor.User);
        _ = call.Expiry(ElasticsearchDescriptor.Lifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(ElasticsearchDescriptor.Lifetime);
        var like = call.Maybe(ElasticsearchDescriptor.Like) ?? previous ?? throw call.NotSaid(ElasticsearchDescriptor.Like);
        var pattern = (await call.PreviousAsync(like, id => VendorPath.Of($"_security/api_key?id={id}")))!.Items("api_keys");
        if (pattern.Count != 1)
        {
            throw call.NotThere(like);
        }

        var made = await call.PostAsync($"_security/api_key", new JsonObject
        {
            ["name"] = label,
            ["role_descriptors"] = pattern[0].Copy("role_descriptors"),
            ["metadata"] = pattern[0].Copy("metadata"),
            ["expiration"] = expires is { } end ? $"{(long)(end - call.Now).TotalSeconds}s" : null,
        });
        return new(made.Text("id"), made.Secret("encoded"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"_security/api_key?owner=true",
        page => page.Items("api_keys").Where(key => !key.Flag("invalidated")).Select(key =>
            new Listed(key.Text("id"), key.Maybe("name"), key.Time("creation"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"_security/_authenticate");

    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        var told = await call.DeleteAsync($"_security/api_key", new JsonObject { ["ids"] = new JsonArray(id), ["owner"] = true });
        if (told.Text("error_count") != "0")
        {
            throw call.Failure(StepOutcome.Unknown($"Elasticsearch could not invalidate {id} everywhere."));
        }

        if (told.Items("invalidated_api_keys").Count + told.Items("previously_invalidated_api_keys").Count == 0)
        {
            throw call.Missing(id);
        }
    }
}
