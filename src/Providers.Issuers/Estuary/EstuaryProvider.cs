using System.Text.Json.Nodes;
using System.Xml;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Estuary;

internal sealed class EstuaryProvider(VendorAccess access) : KeyVendor(EstuaryDescriptor.Instance, access)
{
    private const string Mint =
        "mutation($name: Name!, $detail: String!, $for: String!) "
            + "{ createApiKey(catalogName: $name, detail: $detail, validFor: $for) { id secret } }";

    private const string Revoke = "mutation($id: Id!) { revokeApiKey(id: $id) { catalogName } }";
    private const string List =
        "query($after: String) { serviceAccounts(first: 50, after: $after) { pageInfo { hasNextPage endCursor } "
            + "edges { node { catalogName apiKeys { id detail createdAt lastUsedAt } } } } }";

    private static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    protected override VendorApi Api { get; } =
        new("Estuary", EstuaryDescriptor.Address, VendorAuth.Bearer(EstuaryDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        _ = call.Text(EstuaryDescriptor.ServiceAccount);
        _ = call.Expiry(EstuaryDescriptor.Lifetime, LongestLifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var lifetime = call.Expiry(EstuaryDescriptor.Lifetime, LongestLifetime) - call.Now ?? UsualLifetime;
        var made = (await call.GraphAsync($"api/graphql", Mint, changes: true, new JsonObject
        {
            ["name"] = call.Text(EstuaryDescriptor.ServiceAccount),
            ["detail"] = label,
            ["for"] = XmlConvert.ToString(lifetime),
        })).At("createApiKey");
        return new(made.Text("id"), made.Secret("secret"));
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        VendorReply page;
        string? after = null;
        do
        {
            page = (await call.GraphAsync($"api/graphql", List, changes: false, new JsonObject { ["after"] = after }))
                .At("serviceAccounts");
            var mine = page.Items("edges").Select(edge => edge.At("node"))
                .Where(account => account.Text("catalogName") == call.Text(EstuaryDescriptor.ServiceAccount));
            foreach (var key in mine.SelectMany(account => account.Items("apiKeys")))
            {
                yield return new(key.Text("id"), key.Maybe("detail"), key.Time("createdAt"), key.Time("lastUsedAt"));
            }

            after = page.At("pageInfo").Maybe("endCursor");
        }
        while (page.At("pageInfo").Flag("hasNextPage"));
    }

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Post($"api/graphql", new JsonObject { ["query"] = "query { serviceAccounts(first: 1) { pageInfo { hasNextPage } } }" });

    protected override Task DeleteAsync(VendorCall call, string id) =>
        call.GraphAsync($"api/graphql", Revoke, changes: true, new JsonObject { ["id"] = id });
}
