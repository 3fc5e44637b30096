using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://learn.microsoft.com/en-us/graph/api/application-addpassword</summary>
internal sealed class EntraPasswordTable() : VendorTable("entra-password")
{
    private const string Place = "/v1.0/applications/2d1c6f6e-0b3e-4f0e-9a4d-1d5c6b0f5a11";
    private const string Session = "session-token-0123456789abcdef";
    private const string Scope = "https://graph.microsoft.com/.default";
    private const string Link = "https://learn.microsoft.com/en-us/graph/api/";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new()
    {
        ["tenant"] = "acme.example",
        ["application"] = Place.Split('/')[^1],
        ["applicationClient"] = "the-client",
        ["clientId"] = "rotunda",
        ["loginUrl"] = Vendor.Address,
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no application", new() { ["application"] = null })];

    public override string[] Documents => ["microsoft-graph-passwords.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /acme.example/oauth2/v2.0/token"] =
            "the login: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        ["GET /v1.0/applications/{id}"] = Link + "application-get: the document at hand has the two changes only",
        ["POST /v1.0/applications/{id}/addPassword"] = Link + "application-addpassword: the plain form of the path in the document",
        ["POST /v1.0/applications/{id}/removePassword"] = Link + "application-removepassword: the same",
    };

    public override string? Lifetime => "180d";

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override string NewId(int number) => $"00000000-0000-0000-0000-{number:d12}";

    protected override void Draw()
    {
        Tokens("/acme.example/oauth2/v2.0/token", "rotunda", Session, "the-client", inHeader: false, Scope);
        On($"POST {Place}/addPassword", request =>
        {
            var wanted = request.Json("passwordCredential")["passwordCredential"]!.AsObject();
            request.Require(wanted.All(member => member.Key is "displayName" or "endDateTime"), "another member");
            var key = Make(request, wanted, "displayName");
            var ends = At(key.Created.AddDays(180));
            return Json(200, new { keyId = key.Id, displayName = key.Name, secretText = key.Value, endDateTime = ends });
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("$select") == "passwordCredentials", "all of it");
            return Json(200, new
            {
                passwordCredentials = Keys.Select(key => new { keyId = key.Id, displayName = key.Name, startDateTime = At(key.Created) }),
            });
        });
        On($"POST {Place}/removePassword", request => Keys.RemoveAll(key => key.Id == (string)request.Json("keyId")["keyId"]!) == 1
            ? FakeReply.Empty(204)
            : Json(400, new { error = new { code = "Request_BadRequest", message = "No password credential found with keyId." } }));
    }
}
