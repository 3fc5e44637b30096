using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://github.com/PostHog/posthog/blob/master/posthog/api/project_secret_api_key.py</summary>
internal sealed class PostHogTable() : VendorTable("posthog-secret-key")
{
    private const string Place = "/api/projects/12345/project_secret_api_keys";

    public override JsonObject Settings => new() { ["project"] = "12345", ["scopes"] = new JsonArray("feature_flag:read") };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no project", new() { ["project"] = null })];

    public override JsonObject? Carried => new() { ["scopes"] = new JsonArray("feature_flag:read") };

    public override string[] CarriedSettings => ["scopes"];

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On($"POST {Place}/", request =>
        {
            var body = request.Json("label", "scopes");
            request.Require(((string)body["label"]!).Length <= 40, "the label is too long");
            if (Keys.Exists(other => other.Name == (string?)body["label"]))
            {
                return Json(400, new { detail = "a key with this label already exists" });
            }

            var key = Make(request, body, "label", "scopes");
            return Json(201, Shown(key, key.Value));
        });
        On($"GET {Place}/", request =>
        {
            request.Require(request.RequiredQuery("limit") == "100", "another limit");
            var offset = int.Parse(request.Query("offset") ?? "0");
            var (keys, more) = Page(offset);
            var next = more ? $"{Vendor.Address}{Place}/?limit=100&offset={offset + PageSize}" : null;
            return Json(200, new { count = Keys.Count, next, results = keys.Select(key => Shown(key, null)) });
        });
        On($"GET {Place}/{{id}}/", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Shown(key, null)) : NotFound);
        On($"DELETE {Place}/{{id}}/", request => Remove(request.Part("id"), FakeReply.Empty(204)));
        Try("GET /api/projects/12345/feature_flags/", (request, _) =>
        {
            request.Require(request.RequiredQuery("limit") == "1", "another limit");
            return Json(200, new { count = 0, results = Array.Empty<object>() });
        });
    }

    private static object Shown(FakeKey key, string? value) => new
    {
        id = key.Id,
        label = key.Name,
        value,
        created_at = At(key.Created),
        last_used_at = At(key.Used),
        scopes = key.More["scopes"],
    };
}
