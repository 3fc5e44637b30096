using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.litellm.ai/docs/proxy/virtual_keys</summary>
internal sealed class LiteLlmTable() : VendorTable("litellm-key")
{
    private static readonly string[] Kept =
    [
        "models", "team_id", "aliases", "user_id", "max_budget", "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests",
        "metadata", "permissions",
    ];

    public override JsonObject Settings => new() { ["models"] = new JsonArray("gpt-4o") };

    public override JsonObject? Carried => new()
    {
        ["models"] = new JsonArray("gpt-4o", "claude"),
        ["team_id"] = "platform",
        ["max_budget"] = 25.5,
        ["budget_duration"] = "30d",
        ["rpm_limit"] = 100,
        ["metadata"] = new JsonObject { ["owner"] = "ada" },
    };

    public override string[] CarriedSettings => ["models"];

    public override int? PageSize => 2;

    protected override string NewValue(int number) => $"sk-{number:d22}";

    protected override string NewId(int number) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NewValue(number))));

    protected override FakeReply Refused => Json(401, new { error = new { message = "Authentication Error", code = "401" } });

    protected override void Draw()
    {
        On("POST /key/generate", request =>
        {
            var body = request.Json(["key_alias", "duration?", .. Kept.Select(member => member + "?")]);
            var key = Make(request, body, "key_alias", Kept);
            return Json(200, new { key = key.Value, key_alias = key.Name, token_id = key.Id });
        });
        On("GET /key/list", request =>
        {
            var (whole, team) = (request.RequiredQuery("return_full_object"), request.RequiredQuery("include_team_keys"));
            request.Require((whole, team, request.RequiredQuery("size")) == ("true", "true", "100"), "another query");
            var (keys, _) = Page((int.Parse(request.RequiredQuery("page")) - 1) * PageSize!.Value);
            return Json(200, new { keys = keys.Select(Shown), total_count = Keys.Count });
        });
        On("GET /key/info", request => Keys.Find(key => key.Id == request.RequiredQuery("key")) is { } key
            ? Json(200, new { key = key.Id, info = Shown(key) })
            : NotFound);
        Try("GET /v1/models", (_, _) => Json(200, new { data = Array.Empty<object>() }));
        On("POST /key/delete", request =>
        {
            var id = (string)request.Json("keys")["keys"]!.AsArray().Single()!;
            return Remove(id, Json(200, new { deleted_keys = new[] { id } }));
        });
    }

    private static JsonObject Shown(FakeKey key)
    {
        var shown = new JsonObject
        {
            ["token"] = key.Id,
            ["key_alias"] = key.Name,
            ["spend"] = 1.5,
            ["created_at"] = key.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff"),
        };
        foreach (var (name, value) in key.More)
        {
            shown[name] = value!.DeepClone();
        }

        return shown;
    }
}
