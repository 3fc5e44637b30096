using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.digitalocean.com/reference/api/digitalocean/#tag/Spaces-Keys</summary>
internal class SpacesKeyTable() : VendorTable("digitalocean-spaces-key")
{
    private const string Place = "/v2/spaces/keys";

    public override JsonObject Settings => new()
    {
        ["region"] = "nyc3",
        ["buckets"] = new JsonArray("uploads"),
        ["permission"] = "readwrite",
        ["spacesUrl"] = Vendor.Address,
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no region", new() { ["region"] = null }), ("buckets without a permission", new() { ["permission"] = null })];

    public override string[] Documents => ["digitalocean.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /"] = "S3's ListBuckets, at another address: https://docs.digitalocean.com/reference/api/spaces/",
    };

    public override JsonObject? Carried => new()
    {
        ["grants"] = new JsonArray(new JsonObject { ["bucket"] = "uploads", ["permission"] = "readwrite" }),
    };

    public override string[] CarriedSettings => ["buckets", "permission"];

    public override int? PageSize => 2;

    protected override string NewId(int number) => $"DO{number:d18}";

    protected override void Draw()
    {
        On($"POST {Place}", request =>
            Json(201, new { key = Shown(Make(request, request.Json("name", "grants"), "name", "grants"), true) }));
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("per_page") == "200", "another size");
            var page = int.Parse(request.Query("page") ?? "1");
            var (keys, more) = Page((page - 1) * PageSize!.Value);
            var pages = more ? new JsonObject { ["next"] = $"{Vendor.Address}{Place}?per_page=200&page={page + 1}", ["last"] = "" } : [];
            var (links, meta) = (new { pages }, new { total = Keys.Count });
            return Json(200, new { keys = keys.Select(key => Shown(key, false)), links, meta });
        });
        On($"GET {Place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, One(Shown(key, false))) : NotFound);
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
        Route("GET /", request => FakeS3.ListBuckets(request, Keys, "nyc3"));
    }

    /// <summary>As the document has it.</summary>
    protected virtual JsonObject One(JsonObject key) => new() { ["keys"] = new JsonArray(key) };

    private static JsonObject Shown(FakeKey key, bool withValue)
    {
        var shown = new JsonObject { ["access_key"] = key.Id, ["name"] = key.Name, ["created_at"] = At(key.Created) };
        shown["grants"] = key.More["grants"]?.DeepClone();
        if (withValue)
        {
            shown["secret_key"] = key.Value;
        }

        return shown;
    }
}

/// <summary>As the document's examples have one key.</summary>
internal sealed class SpacesKeyBareTable : SpacesKeyTable
{
    protected override JsonObject One(JsonObject key) => new() { ["key"] = key };
}
