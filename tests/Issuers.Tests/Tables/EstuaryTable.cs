using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://github.com/estuary/ui/blob/main/src/gql-types/schema.graphql</summary>
internal sealed class EstuaryTable() : VendorTable("estuary-api-key")
{
    private const string Account = "acmeCo/ci-bot";

    /// <summary>It counts anew with each use, so it is no date.</summary>
    public override string? Lifetime => null;

    public override JsonObject Settings => new() { ["serviceAccount"] = Account };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no account", new() { ["serviceAccount"] = null }), ("too long a lifetime", new() { ["lifetime"] = "366d" })];

    protected override void Draw() => Try("POST /api/graphql", (request, known) =>
    {
        var body = request.Json("query", "variables?");
        var (query, variables) = ((string)body["query"]!, body["variables"]?.AsObject() ?? []);
        return query.StartsWith("query { serviceAccounts(first: 1)", StringComparison.Ordinal) ? Accounts([], null)
            : known is not null ? Fails("a service account may not administer keys")
            : query.Contains("createApiKey(", StringComparison.Ordinal) ? Create(request, variables)
            : query.Contains("revokeApiKey(", StringComparison.Ordinal) ? Revoke((string)variables["id"]!)
            : List(request, variables);
    });

    private FakeReply Create(FakeRequest request, JsonObject variables)
    {
        request.Require((string?)variables["name"] == Account && (string?)variables["for"] == "P90D", "another account or lifetime");
        var key = Make(request, variables, "detail");
        return Data("createApiKey", new JsonObject { ["id"] = key.Id, ["secret"] = key.Value });
    }

    /// <summary>An id that it never had is an error; GraphQL says so with 200.</summary>
    private FakeReply Revoke(string id) => Keys.RemoveAll(key => key.Id == id) == 1
        ? Data("revokeApiKey", new JsonObject { ["catalogName"] = Account })
        : Fails("no such token");

    /// <summary>Another account's first, on a page of its own.</summary>
    private FakeReply List(FakeRequest request, JsonObject variables)
    {
        request.Require(variables.ContainsKey("after"), "no cursor");
        return (string?)variables["after"] == "page-2"
            ? Accounts([.. Keys.Select(Shown)], null)
            : Accounts([new JsonObject { ["id"] = "other", ["createdAt"] = "2026-01-01T00:00:00Z" }], "page-2", "acmeCo/other");
    }

    private static FakeReply Accounts(JsonArray keys, string? next, string account = Account) => Data("serviceAccounts", new JsonObject
    {
        ["pageInfo"] = new JsonObject { ["hasNextPage"] = next is not null, ["endCursor"] = next },
        ["edges"] = new JsonArray(new JsonObject { ["node"] = new JsonObject { ["catalogName"] = account, ["apiKeys"] = keys } }),
    });

    private static JsonNode Shown(FakeKey key) => new JsonObject
    {
        ["id"] = key.Id,
        ["detail"] = key.Name,
        ["createdAt"] = At(key.Created),
        ["lastUsedAt"] = At(key.Used),
    };

    private static FakeReply Data(string member, JsonObject data) =>
        FakeReply.Json(200, new JsonObject { ["data"] = new JsonObject { [member] = data } });

    private static FakeReply Fails(string message) => Json(200, new { data = (object?)null, errors = new[] { new { message } } });
}
