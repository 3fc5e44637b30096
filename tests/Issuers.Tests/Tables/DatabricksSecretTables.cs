using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.databricks.com/api/workspace/serviceprincipalsecretsproxy</summary>
internal class DatabricksSecretTable() : VendorTable("databricks-client-secret")
{
    private const string Session = "session-token-0123456789abcdef";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings =>
        new() { ["principal"] = "4412", ["principalClient"] = "etl", ["clientId"] = "rotunda", ["lifetime"] = "120d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("no principal", new() { ["principal"] = null }),
        ("longer than Databricks takes", new() { ["lifetime"] = "800d" }),
    ];

    public override int? PageSize => 2;

    protected virtual string Token => "/oidc/v1/token";

    protected virtual string Place => "/api/2.0/accounts/servicePrincipals/4412/credentials/secrets";

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override void Draw()
    {
        Tokens(Token, "rotunda", Session, "etl", inHeader: true, "all-apis");
        On($"POST {Place}", request =>
        {
            var body = request.Json("lifetime?");
            request.Require(body["lifetime"] is null || ((string)body["lifetime"]!).EndsWith('s'), "no duration");
            var key = Make(request, body, "");
            var ends = At(key.Created.AddDays(120));
            return Json(200, new { id = key.Id, secret = key.Value, create_time = At(key.Created), expire_time = ends });
        });
        On($"GET {Place}", request =>
        {
            var (keys, more) = PageAfter(request.Query("page_token"));
            return keys.Count == 0 ? Json(200, new { }) : Json(200, new
            {
                secrets = keys.Select(key => new { id = key.Id, create_time = At(key.Created), status = "ACTIVE" }),
                next_page_token = more ? keys[^1].Id : "",
            });
        });
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), Json(200, new { })));
    }
}

/// <summary>https://docs.databricks.com/api/account/serviceprincipalsecrets</summary>
internal sealed class DatabricksAccountSecretTable : DatabricksSecretTable
{
    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["account"] = "acc-1";
            return settings;
        }
    }

    protected override string Token => "/oidc/accounts/acc-1/v1/token";

    protected override string Place => "/api/2.0/accounts/acc-1/servicePrincipals/4412/credentials/secrets";
}
