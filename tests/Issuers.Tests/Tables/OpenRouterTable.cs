using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://openrouter.ai/docs/features/provisioning-api-keys</summary>
internal sealed class OpenRouterTable() : VendorTable("openrouter-api-key")
{
    private const string Workspace = "0df9e665-d932-5740-b2c7-b52af166bc11";

    public override JsonObject Settings => new() { ["workspace"] = Workspace };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("a lifetime that is none", new() { ["lifetime"] = "for ever" })];

    public override string[] Documents => ["openrouter.json"];

    public override JsonObject? Carried =>
        new() { ["limit"] = 25.5, ["limit_reset"] = "monthly", ["include_byok_in_limit"] = true };

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On("POST /keys", request =>
        {
            var body = request.Json("name", "limit?", "limit_reset?", "include_byok_in_limit?", "workspace_id", "expires_at?");
            var key = Make(request, body, "name", "limit", "limit_reset", "include_byok_in_limit");
            return Json(201, new { key = key.Value, data = Shown(key) });
        });
        On("GET /keys", request =>
        {
            request.Require(request.RequiredQuery("include_disabled") == "true", "disabled keys are left out");
            request.Require(request.RequiredQuery("workspace_id") == Workspace, "another workspace");
            return Json(200, new { data = Page(int.Parse(request.RequiredQuery("offset"))).Keys.Select(Shown) });
        });
        On("GET /keys/{hash}", request => Keys.Find(key => key.Id == request.Part("hash")) is { } key
            ? Json(200, new { data = Shown(key) })
            : NotFound);
        Try("GET /key", (_, key) => Json(
            200,
            new { data = new { label = "sk-or-v1-abc...123", is_free_tier = false, limit = key?.More["limit"] } }));
        On("PATCH /keys/{hash}", request => Enable(
            request.Part("hash"),
            !request.Json("disabled")["disabled"]!.GetValue<bool>(),
            key => Json(200, new { data = Shown(key) })));
        On("DELETE /keys/{hash}", request => Remove(request.Part("hash"), Json(200, new { deleted = true })));
    }

    private static object Shown(FakeKey key) => new
    {
        hash = key.Id,
        name = key.Name,
        created_at = At(key.Created),
        disabled = !key.Enabled,
        workspace_id = Workspace,
        limit = key.More["limit"],
        limit_reset = key.More["limit_reset"],
        include_byok_in_limit = key.More["include_byok_in_limit"] ?? false,
    };
}
