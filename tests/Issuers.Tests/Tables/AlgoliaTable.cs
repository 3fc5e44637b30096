using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.algolia.com/doc/rest-api/search/#tag/Api-Keys</summary>
internal sealed class AlgoliaTable() : VendorTable("algolia-api-key")
{
    private const string Application = "ALGOLIAID1";
    private static readonly string[] Rights =
        ["acl", "indexes", "maxHitsPerQuery", "maxQueriesPerIPPerHour", "queryParameters", "referers"];

    public override JsonObject Settings => new() { ["application"] = Application, ["rights"] = new JsonArray("search") };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no application", new() { ["application"] = null })];

    public override string[] Documents => ["algolia.json"];

    public override JsonObject? Carried => new()
    {
        ["acl"] = new JsonArray("search", "browse"),
        ["indexes"] = new JsonArray("products*"),
        ["maxHitsPerQuery"] = 20,
        ["queryParameters"] = "ignorePlurals=false",
        ["referers"] = new JsonArray("*.acme.example"),
    };

    public override string[] CarriedSettings => ["rights"];

    protected override (string Name, string Value) Own => ("x-algolia-api-key", OwnValue);

    protected override (string Name, string Value)[] Headers => [.. base.Headers, ("x-algolia-application-id", Application)];

    protected override string NewValue(int number) => $"{number:d8}c40f8c1e5b2d4a7c9e6f3b8d";

    protected override string NewId(int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NewValue(number))))[..16];

    protected override FakeReply Refused => Json(403, new { message = "Invalid Application-ID or API key", status = 403 });

    protected override FakeReply NotFound => Json(404, new { message = "Key does not exist", status = 404 });

    protected override void Draw()
    {
        On("POST /1/keys", request =>
        {
            var body = request.Json(["description", "acl", "validity?", .. Rights[1..].Select(right => right + "?")]);
            return Json(200, new { key = Make(request, body, "description", Rights).Value, createdAt = "2026-11-27T22:00:00.000Z" });
        });
        On("GET /1/keys", _ => Json(200, new { keys = Keys.Select(Shown) }));
        Try("GET /1/keys/{key}", (request, key) => key?.Value == request.Part("key") ? FakeReply.Json(200, Shown(key)) : NotFound);
        On("DELETE /1/keys/{key}", request =>
            Remove(Keys.Find(key => key.Value == request.Part("key"))?.Id ?? "", Json(200, new { deletedAt = "2026-11-27T22:00:00Z" })));
    }

    private static JsonObject Shown(FakeKey key)
    {
        var shown = new JsonObject
        {
            ["value"] = key.Value,
            ["createdAt"] = key.Created.ToUnixTimeSeconds(),
            ["description"] = key.Name,
            ["validity"] = 0,
        };
        foreach (var (name, value) in key.More)
        {
            shown[name] = value!.DeepClone();
        }

        return shown;
    }
}
