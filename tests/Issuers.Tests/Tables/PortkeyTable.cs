using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://portkey.ai/docs/api-reference/admin-api/control-plane/api-keys/create-api-key</summary>
internal sealed class PortkeyTable() : VendorTable("portkey-api-key")
{
    public override JsonObject Settings => new() { ["workspace"] = "ws-1", ["scopes"] = new JsonArray("completions.write") };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no workspace", new() { ["workspace"] = null })];

    public override string[] Documents => ["portkey.json"];

    public override JsonObject? Carried => JsonNode.Parse("""
        {
          "scopes": ["completions.write"],
          "rate_limits": [{ "type": "requests", "unit": "rpm", "value": 60 }],
          "usage_limits": { "credit_limit": 100, "type": "cost" },
          "defaults": { "config_id": "pc-1" }
        }
        """)!.AsObject();

    public override string[] CarriedSettings => ["scopes"];

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("x-portkey-api-key", OwnValue);

    protected override void Draw()
    {
        On("POST /api-keys/workspace/service", request =>
        {
            var body = request.Json("name", "workspace_id", "scopes", "rate_limits?", "usage_limits?", "defaults?", "expires_at?");
            var key = Make(request, body, "name", "scopes", "rate_limits", "usage_limits", "defaults");
            return Json(200, new { id = key.Id, key = key.Value, @object = "api-key" });
        });
        On("GET /api-keys", request =>
        {
            request.Require(request.RequiredQuery("page_size") + request.RequiredQuery("workspace_id") == "100ws-1", "another query");
            var keys = Page(int.Parse(request.RequiredQuery("current_page")) * PageSize!.Value).Keys;
            return Json(200, new { total = Keys.Count, @object = "list", data = keys.Select(Shown) });
        });
        On("GET /api-keys/{id}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Shown(key)) : NotFound);
        On("DELETE /api-keys/{id}", request => Remove(request.Part("id"), Json(200, new { })));
        Try("GET /models", (_, _) => Json(200, new { @object = "list", data = Array.Empty<object>() }));
    }

    private static JsonObject Shown(FakeKey key)
    {
        var shown = key.More.DeepClone().AsObject();
        (shown["id"], shown["name"], shown["created_at"]) = (key.Id, key.Name, At(key.Created));
        return shown;
    }
}
