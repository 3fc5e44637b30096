using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://platform.openai.com/docs/api-reference/admin-api-keys</summary>
internal sealed class OpenAiAdminTable() : VendorTable("openai-admin-key")
{
    public override JsonObject Settings => new() { ["lifetime"] = "180d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("a lifetime that is too long", new() { ["lifetime"] = "366d" })];

    public override string[] Documents => ["openai.json"];

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On("POST /organization/admin_api_keys", request =>
        {
            var body = request.Json("name", "expires_in_seconds");
            request.Require((long)body["expires_in_seconds"]! is > 0 and <= 31_536_000, "another lifetime");
            var key = Make(request, body, "name");
            return Json(200, Shown(key, key.Value));
        });
        Try("GET /organization/admin_api_keys", (request, _) =>
        {
            request.Require(request.RequiredQuery("limit") is "100" or "1", "another limit");
            var (keys, more) = PageAfter(request.Query("after"));
            return Json(200, new { @object = "list", data = keys.Select(key => Shown(key, null)), has_more = more });
        });
        On("DELETE /organization/admin_api_keys/{id}", request => Remove(
            request.Part("id"),
            Json(200, new { id = request.Part("id"), @object = "organization.admin_api_key.deleted", deleted = true })));
    }

    private static JsonObject Shown(FakeKey key, string? value)
    {
        var shown = new JsonObject
        {
            ["object"] = "organization.admin_api_key",
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["redacted_value"] = "sk-admin...def",
            ["created_at"] = key.Created.ToUnixTimeSeconds(),
            ["last_used_at"] = key.Used?.ToUnixTimeSeconds(),
        };
        if (value is not null)
        {
            shown["value"] = value;
        }

        return shown;
    }
}
