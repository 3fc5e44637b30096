using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.databricks.com/api/workspace/tokens</summary>
internal sealed class DatabricksTokenTable() : VendorTable("databricks-token")
{
    private const string Session = "session-token-0123456789abcdef";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new() { ["clientId"] = "etl", ["lifetime"] = "120d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no client", new() { ["clientId"] = null })];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override (string Name, string Value) Shown(string value) => ("Authorization", $"Bearer {value}");

    protected override FakeReply Refused => Json(403, new { message = "Invalid access token." });

    protected override void Draw()
    {
        Tokens("/oidc/v1/token", "etl", Session, issued: null, inHeader: true, "all-apis");
        On("POST /api/2.0/token/create", request =>
        {
            var key = Make(request, request.Json("comment", "lifetime_seconds?"), "comment");
            return Json(200, new { token_value = key.Value, token_info = Shown(key) });
        });
        On("GET /api/2.0/token/list", _ => Keys.Count == 0 ? Json(200, new { }) : Json(200, new { token_infos = Keys.Select(Shown) }));
        Try("GET /api/2.0/preview/scim/v2/Me", (_, _) => Json(200, new { userName = "etl" }));
        On("POST /api/2.0/token/delete", request => Remove((string)request.Json("token_id")["token_id"]!, Json(200, new { })));
    }

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["token_id"] = key.Id,
        ["comment"] = key.Name,
        ["creation_time"] = key.Created.ToUnixTimeMilliseconds(),
        ["expiry_time"] = key.Created.AddDays(120).ToUnixTimeMilliseconds(),
    };
}
