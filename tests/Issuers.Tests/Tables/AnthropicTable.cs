using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://platform.claude.com/docs/en/api/administration-api</summary>
internal sealed class AnthropicTable() : SuppliedTable("anthropic-api-key")
{
    private const string Place = "/v1/organizations/api_keys";

    public override string OwnSetting => "adminKey";

    public override JsonObject Settings => new() { ["workspace"] = "wrkspc_1" };

    public override int? PageSize => 2;

    protected override (string Name, string Value)[] Headers => [("Accept", "application/json"), ("anthropic-version", "2023-06-01")];

    protected override (string Name, string Value) Own => ("x-api-key", OwnValue);

    protected override string Prefix => "sk-ant-api03-";

    protected override void Draw()
    {
        Try("GET /v1/models", (request, _) =>
        {
            request.Require(request.RequiredQuery("limit") == "1", "another limit");
            return Json(200, new { data = Array.Empty<object>(), has_more = false });
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("limit") == "1000", "another limit");
            request.Require(request.RequiredQuery("workspace_id") == "wrkspc_1", "another workspace");
            var (keys, more) = PageAfter(request.Query("after_id"));
            return Json(200, new { data = keys.Select(Said), has_more = more, last_id = keys.Count > 0 ? keys[^1].Id : null });
        });
        On($"POST {Place}/{{id}}", request =>
        {
            var status = (string)request.Json("status")["status"]!;
            if (Keys.Find(key => key.Id == request.Part("id")) is not { } key || (Status(key) == "archived" && status != "archived"))
            {
                return Json(400, new { type = "error", error = new { type = "invalid_request_error", message = "it is archived" } });
            }

            key.Enabled = status == "active";
            key.More["archived"] = status == "archived";
            return Json(200, Said(key));
        });
    }

    private static object Said(FakeKey key) => new
    {
        id = key.Id,
        type = "api_key",
        name = key.Name,
        status = Status(key),
        partial_key_hint = $"{key.Value[..16]}...{key.Value[^4..]}",
        created_at = At(key.Created),
    };

    private static string Status(FakeKey key) => (bool?)key.More["archived"] == true ? "archived" : key.Enabled ? "active" : "inactive";
}
