using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.pinecone.io/reference/api/2026-04/admin/rotate_service_account_secret: one secret, which is made anew.</summary>
internal sealed class PineconeServiceAccountTable() : VendorTable("pinecone-service-account")
{
    private const string Session = "session-token-0123456789abcdef";
    private const string Account = "f8a3b2c1-4d5e-6f7a-8b9c-0d1e2f3a4b5c";
    private const string Link = "https://docs.pinecone.io/reference/api/2026-04/admin/";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new() { ["account"] = Account, ["clientId"] = "rotunda", ["loginUrl"] = Vendor.Address };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no account", new() { ["account"] = null }), ("its own account", new() { ["clientId"] = "ingest" })];

    public override string[] Documents => ["pinecone-admin.json", "pinecone-oauth.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /admin/service-accounts/{id}"] = Link + "fetch_service_account: not among the calls that were kept of the document",
        ["POST /admin/service-accounts/{id}/rotate-secret"] = Link + "rotate_service_account_secret: the same",
    };

    protected override (string Name, string Value)[] Headers => [("Accept", "application/json"), ("X-Pinecone-Api-Version", "2026-04")];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override string NewId(int number) => Account;

    protected override void Draw()
    {
        Route("POST /oauth/token", request =>
        {
            var login = request.Json("client_id", "client_secret", "grant_type", "audience");
            request.Require((string?)login["audience"] == "https://api.pinecone.io/", "another audience");
            var (client, secret) = ((string?)login["client_id"], (string?)login["client_secret"]);
            return client is "rotunda" or "ingest" && secret == OwnValue ? Token(Session)
                : client == "ingest" && Keys.Count > 0 && secret == Keys[^1].Value ? Token("another")
                : Refused;
        });
        On($"GET /admin/service-accounts/{Account}", _ => Json(200, Said()));
        On($"POST /admin/service-accounts/{Account}/rotate-secret", request =>
        {
            request.RequireNoBody();
            Keys.Clear();
            var key = Make(request, [], "");
            return Json(200, new { service_account = Said(), client_secret = key.Value });
        });
    }

    private static FakeReply Token(string token) => Json(200, new { access_token = token, token_type = "Bearer", expires_in = 1800 });

    private static object Said() => new { id = Account, name = "ingest", client_id = "ingest" };
}
