using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>A system that no provider knows, as a catalog would describe it.</summary>
internal sealed class RestTable() : VendorTable("rest")
{
    public override JsonObject Settings => new()
    {
        ["system"] = "Acme Shop",
        ["auth"] = "header",
        ["header"] = "X-Admin-Key",
        ["headers"] = new JsonObject { ["X-Api-Version"] = "2026-04" },
        ["parameters"] = new JsonObject { ["team"] = "a team/of ours" },
        ["issue"] = new JsonObject
        {
            ["path"] = "/v2/teams/{team}/keys",
            ["body"] = """{ "key": { "title": "{label}", "note": "{{by}} {team}", "scopes": ["orders:read"], "limit": 5 } }""",
            ["id"] = "/made/0/id",
            ["value"] = "/made/0/secret",
        },
        ["list"] = new JsonObject
        {
            ["path"] = "v2/teams/{team}/keys?limit=2",
            ["items"] = "/page/keys",
            ["id"] = "/id",
            ["label"] = "/about/title",
            ["createdAt"] = "/made",
            ["lastUsedAt"] = "/used",
            ["next"] = "/page/next",
            ["nextPath"] = "v2/teams/{team}/keys?limit=2&after={next}",
        },
        ["verify"] = new JsonObject { ["path"] = "v2/me", ["auth"] = "bearer", ["invalid"] = new JsonArray("401", "403") },
        ["disable"] = new JsonObject { ["path"] = "v2/keys/{id}", ["body"] = """{ "active": false }""" },
        ["enable"] = new JsonObject { ["path"] = "v2/keys/{id}", ["body"] = """{ "active": true }""" },
        ["revoke"] = new JsonObject { ["method"] = "POST", ["path"] = "v2/keys/{id}/revoke" },
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("a path that leads out", new() { ["list"] = List("../keys") }),
        ("a path to elsewhere", new() { ["list"] = List("//other.example/keys") }),
        ("an address for a path", new() { ["list"] = List("https:other.example/keys") }),
        ("a name that nobody knows", new() { ["list"] = List("v2/keys/{taem}") }),
        ("a brace too much", new() { ["list"] = List("v2/keys/{team") }),
        ("a pointer that is none", new() { ["list"] = new JsonObject { ["path"] = "v2/keys", ["id"] = "id" } }),
        ("a body that is no JSON", new() { ["disable"] = new JsonObject { ["path"] = "v2/keys/{id}", ["body"] = "active=false" } }),
        ("a header of Rotunda's own", new() { ["headers"] = new JsonObject { ["Authorization"] = "x" } }),
        ("neither a list nor a check", new() { ["list"] = null }),
    ];

    public override int? PageSize => 2;

    protected override (string Name, string Value)[] Headers => [("Accept", "application/json"), ("X-Api-Version", "2026-04")];

    protected override (string Name, string Value) Own => ("X-Admin-Key", OwnValue);

    protected override (string Name, string Value) Shown(string value) => ("Authorization", $"Bearer {value}");

    protected override void Draw()
    {
        On("POST /v2/teams/a%20team%2Fof%20ours/keys", request =>
        {
            var body = request.Json("key")["key"]!.AsObject();
            request.Require((string?)body["note"] == "{by} a team/of ours" && (int?)body["limit"] == 5, "another body");
            var key = Make(request, body, "title");
            return Json(201, new { made = new[] { new { id = key.Id, secret = key.Value } } });
        });
        On("GET /v2/teams/a%20team%2Fof%20ours/keys", request =>
        {
            request.Require(request.RequiredQuery("limit") == "2", "another size");
            var (keys, more) = PageAfter(request.Query("after"));
            return Json(200, new
            {
                page = new
                {
                    keys = keys.Select(key => new { id = key.Id, about = new { title = key.Name }, made = At(
                        key.Created), used = At(key.Used) }),
                    next = more ? keys[^1].Id : null,
                },
            });
        });
        Try("GET /v2/me", (_, _) => Json(200, new { ok = true }));
        On("PATCH /v2/keys/{id}", request =>
            Enable(request.Part("id"), (bool)request.Json("active")["active"]!, _ => FakeReply.Empty(204)));
        On("POST /v2/keys/{id}/revoke", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private static JsonObject List(string path) => new() { ["path"] = path, ["id"] = "/id" };
}
