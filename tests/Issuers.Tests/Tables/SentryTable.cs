using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.sentry.io/api/projects/create-a-new-client-key/</summary>
internal sealed class SentryTable() : VendorTable("sentry-client-key")
{
    private const string Place = "/api/0/projects/acme/web/keys";

    public override JsonObject Settings => new() { ["organization"] = "acme", ["project"] = "web" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no project", new() { ["project"] = null })];

    public override string[] Documents => ["sentry.json"];

    public override JsonObject? Carried => new() { ["rateLimit"] = new JsonObject { ["window"] = 60, ["count"] = 1000 } };

    public override int? PageSize => 2;

    protected override string NewId(int number) => $"{number:d32}";

    protected override string NewValue(int number) => $"https://{NewId(number)}@o1.ingest.sentry.example/1";

    protected override FakeReply NotFound => Json(404, new { detail = "The requested resource does not exist" });

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var body = request.Json("name", "rateLimit?");
            request.Require(((string)body["name"]!).Length <= 64, "the name is too long");
            return FakeReply.Json(201, Shown(Make(Slashed(request), body, "name", "rateLimit")));
        });
        On($"GET {Place}", request =>
        {
            var from = int.Parse(Slashed(request).Query("cursor") ?? "0");
            var (keys, more) = Page(from);
            var next = $"<{Vendor.Address}{Place}/?cursor={from + PageSize}>; rel=\"next\"; results=\"{(more ? "true" : "false")}\"";
            var before = $"<{Vendor.Address}{Place}/?cursor=0>; rel=\"previous\"; results=\"false\"";
            return Json(200, keys.Select(Shown), ("Link", $"{before}, {next}"));
        });
        On($"GET {Place}/{{id}}", request =>
            Keys.Find(key => key.Id == Slashed(request).Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        On($"DELETE {Place}/{{id}}", request => Remove(Slashed(request).Part("id"), FakeReply.Empty(204)));
    }

    /// <summary>Without the last slash, Sentry redirects.</summary>
    private static FakeRequest Slashed(FakeRequest request)
    {
        request.Require(request.Path.EndsWith('/'), "no slash at the end");
        return request;
    }

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = key.Id,
        ["name"] = key.Name,
        ["public"] = key.Id,
        ["isActive"] = key.Enabled,
        ["dateCreated"] = At(key.Created),
        ["dsn"] = new JsonObject { ["public"] = key.Value },
        ["rateLimit"] = key.More["rateLimit"]?.DeepClone(),
    };
}
