using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://platform.openai.com/docs/api-reference/project-service-accounts</summary>
internal sealed class OpenAiServiceAccountTable() : VendorTable("openai-service-account")
{
    private const string Accounts = "/organization/projects/proj_1/service_accounts";
    private const string KeysOfProject = "/organization/projects/proj_1/api_keys";

    public override JsonObject Settings => new() { ["project"] = "proj_1" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no project", new() { ["project"] = null })];

    public override string[] Documents => ["openai.json"];

    public override JsonObject? Carried => new() { ["role"] = "owner" };

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On($"POST {Accounts}", request =>
        {
            var key = Make(request, request.Json("name"), "name");
            var shown = Account(key);
            shown["api_key"] = new JsonObject
            {
                ["object"] = "organization.project.service_account.api_key",
                ["id"] = $"key-of-{key.Id}",
                ["value"] = key.Value,
                ["name"] = "Secret Key",
                ["created_at"] = 1,
            };
            return Json(200, shown);
        });
        On($"POST {Accounts}/{{id}}", request =>
        {
            var key = Keys.Find(key => key.Id == request.Part("id"))!;
            key.More["role"] = request.Json("role")["role"]!.DeepClone();
            return Json(200, Account(key));
        });
        On($"GET {Accounts}", request => Listed(request, Account));
        On($"GET {Accounts}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Account(key)) : NotFound);
        On($"GET {KeysOfProject}", request => Listed(request, Key));
        Try("GET /models", (_, _) => Json(200, new { @object = "list", data = Array.Empty<object>() }));
        On($"DELETE {Accounts}/{{id}}", request => Remove(
            request.Part("id"),
            Json(200, new { id = request.Part("id"), @object = "organization.project.service_account.deleted", deleted = true })));
    }

    private FakeReply Listed(FakeRequest request, Func<FakeKey, JsonObject> show)
    {
        request.Require(request.RequiredQuery("limit") == "100", "another limit");
        var (keys, more) = PageAfter(request.Query("after")?.Replace("key-of-", ""));
        return Json(200, new { @object = "list", data = keys.Select(show), has_more = more });
    }

    private static JsonObject Account(FakeKey key) => new()
    {
        ["object"] = "organization.project.service_account",
        ["id"] = key.Id,
        ["name"] = key.Name,
        ["role"] = key.More["role"]?.DeepClone() ?? "member",
        ["created_at"] = key.Created.ToUnixTimeSeconds(),
    };

    private static JsonObject Key(FakeKey key) => new()
    {
        ["object"] = "organization.project.api_key",
        ["id"] = $"key-of-{key.Id}",
        ["name"] = "Secret Key",
        ["created_at"] = key.Created.ToUnixTimeSeconds(),
        ["last_used_at"] = key.Used?.ToUnixTimeSeconds(),
        ["owner"] = new JsonObject { ["type"] = "service_account", ["service_account"] = Account(key) },
    };
}
