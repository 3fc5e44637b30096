using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOCredentialOAuth2ClientAuth/</summary>
internal sealed class OktaSecretTable() : VendorTable("okta-client-secret")
{
    private const string Application = "0oa1gjh63g214q0Hq0g4";
    private const string Place = $"/api/v1/apps/{Application}/credentials/secrets";

    public override JsonObject Settings => new() { ["domain"] = "acme.okta.com", ["application"] = Application };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no application", new() { ["application"] = null })];

    public override string[] Documents => ["okta.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /oauth2/v1/token"] = "the secret tries itself: https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/",
    };

    protected override (string Name, string Value) Own => ("Authorization", $"SSWS {OwnValue}");

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            request.Json();
            return FakeReply.Json(201, Shown(Make(request, [], "")));
        });
        On($"GET {Place}", _ => Json(200, Keys.Select(Shown)));
        On($"GET {Place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        On($"POST {Place}/{{id}}/lifecycle/deactivate", request =>
        {
            request.RequireNoBody();
            if (Keys.Find(key => key.Id == request.Part("id")) is not { } key)
            {
                return NotFound;
            }

            key.Enabled = false;
            return FakeReply.Json(200, Shown(key));
        });
        On($"DELETE {Place}/{{id}}", request => Keys.Exists(key => key.Id == request.Part("id") && key.Enabled)
            ? Json(400, new { errorSummary = "an active secret cannot be deleted" })
            : Remove(request.Part("id"), FakeReply.Empty(204)));

        // The application may not have a token this way, which is told only to one whose secret is right.
        Route("POST /oauth2/v1/token", request =>
        {
            request.Form("grant_type");
            var shown = Encoding.UTF8.GetString(Convert.FromBase64String(request.Header("Authorization")!["Basic ".Length..]));
            return Keys.Exists(key => key.Enabled && shown == $"{Application}:{key.Value}")
                ? Json(400, new { error = "unauthorized_client" })
                : Json(401, new { error = "invalid_client" });
        });
    }

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = key.Id,
        ["created"] = At(key.Created),
        ["lastUpdated"] = At(key.Created),
        ["status"] = key.Enabled ? "ACTIVE" : "INACTIVE",
        ["client_secret"] = key.Value,
        ["secret_hash"] = "digest",
    };
}
