using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://auth0.com/docs/get-started/applications/rotate-client-secret: one secret, which is set.</summary>
internal sealed class Auth0Table() : VendorTable("auth0-client-secret")
{
    private const string Session = "session-token-0123456789abcdef";
    private const string Link = "https://auth0.com/docs/api/management/v2/clients/";

    /// <summary>Whether the application may have tokens with its secret alone.</summary>
    public bool Grants { get; set; } = true;

    public string Method { get; set; } = "client_secret_post";

    public override bool Issues => false;

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new() { ["domain"] = "acme.eu.auth0.com", ["client"] = "portal", ["clientId"] = "rotunda" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("its own application", new() { ["client"] = "rotunda" }),
        ("no such application", new() { ["client"] = "another" }),
    ];

    public override string[] Documents => ["auth0-authentication.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /api/v2/clients/{id}"] = Link + "get-clients-by-id: the document at hand is that of the logins",
        ["PATCH /api/v2/clients/{id}"] = Link + "patch-clients-by-id: the same",
    };

    public override Action<string>? SetByHand => Set;

    public override string? NoRights => "a secret has no rights of its own: the application has";

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override void Draw()
    {
        Route("POST /oauth/token", request =>
        {
            var form = request.Form("grant_type", "client_id", "client_secret", "audience");
            request.Require((string?)form["grant_type"] == "client_credentials", "another grant");
            return ((string?)form["client_id"], (string?)form["client_secret"], (string?)form["audience"]) switch
            {
                ("rotunda", var secret, "https://acme.eu.auth0.com/api/v2/") when secret == OwnValue =>
                    Json(200, new { access_token = Session, token_type = "Bearer" }),
                ("portal", var secret, "https://orders.example") when secret == Keys[0].Value => Grants
                    ? Json(200, new { access_token = "another", token_type = "Bearer" })
                    : Json(403, new { error = "unauthorized_client", error_description = "Grant type not allowed for the client." }),
                _ => Json(401, new { error = "access_denied", error_description = "Unauthorized" }),
            };
        });
        On("GET /api/v2/clients/{id}", request =>
        {
            var fields = request.RequiredQuery("fields");
            request.Require(request.RequiredQuery("include_fields") == "true", "all but those");
            request.Require(fields.Split(',').All(field => field is "client_secret" or "token_endpoint_auth_method"), "other fields");
            return request.Part("id") == "portal"
                ? Json(200, new { client_secret = Keys[0].Value, token_endpoint_auth_method = Method })
                : NotFound;
        });
        On("PATCH /api/v2/clients/{id}", request =>
        {
            if (request.Part("id") != "portal")
            {
                return NotFound;
            }

            Set((string)request.Json("client_secret")["client_secret"]!);
            return Json(200, new { client_id = "portal", client_secret = Keys[0].Value });
        });
    }

    private void Set(string secret) => Keys[0] = Keys[0] with { Value = secret, More = new() { ["secret"] = secret } };
}
