using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.fireworks.ai/api-reference/create-api-key</summary>
internal sealed class FireworksTable() : VendorTable("fireworks-api-key")
{
    private const string Place = "/v1/accounts/acme/users/ci-bot/apiKeys";

    public override JsonObject Settings => new() { ["account"] = "acme", ["user"] = "ci-bot" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var wanted = request.Json("apiKey")["apiKey"]!.AsObject();
            request.Require(wanted.All(member => member.Key is "displayName" or "expireTime"), "another member");
            var key = Make(request, wanted, "displayName");
            return Json(200, new { keyId = key.Id, displayName = key.Name, key = key.Value, createTime = At(key.Created) });
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("pageSize") == "200", "another size");
            var from = int.Parse(request.Query("pageToken") ?? "0");
            var (keys, more) = Page(from);
            return Json(200, new
            {
                apiKeys = keys.Select(key => new { keyId = key.Id, displayName = key.Name, createTime = At(key.Created) }),
                nextPageToken = more ? $"{from + PageSize}" : "",
            });
        });
        Try("GET /inference/v1/models", (_, _) => Json(200, new { data = Array.Empty<object>() }));
        On($"POST {Place}:delete", request => Remove((string)request.Json("keyId")["keyId"]!, Json(200, new { })));
    }
}
