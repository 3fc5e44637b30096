using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.pinecone.io/reference/api/2026-04/admin/create_api_key</summary>
internal sealed class PineconeTable() : VendorTable("pinecone-api-key")
{
    private const string Session = "session-token-0123456789abcdef";
    private const string Project = "2a9e2b0c-6a2b-4a4e-9d5f-5f0f3a2a7c11";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new() { ["project"] = Project, ["clientId"] = "5Lk0Xw", ["loginUrl"] = Vendor.Address };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no project", new() { ["project"] = null }), ("a login in the clear", new() { ["loginUrl"] = "http://login.example" })];

    public override string[] Documents => ["pinecone-admin.json", "pinecone-oauth.json", "pinecone-db-verify.json"];

    public override JsonObject? Carried => new() { ["roles"] = new JsonArray("DataPlaneEditor") };

    protected override (string Name, string Value)[] Headers => [("Accept", "application/json"), ("X-Pinecone-Api-Version", "2026-04")];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override (string Name, string Value) Shown(string value) => ("Api-Key", value);

    protected override void Draw()
    {
        Route("POST /oauth/token", request =>
        {
            var login = request.Json("client_id", "client_secret", "grant_type", "audience");
            request.Require((string?)login["audience"] == "https://api.pinecone.io/", "another audience");
            return (string?)login["client_secret"] == OwnValue
                ? Json(200, new { access_token = Session, token_type = "Bearer", expires_in = 1800 })
                : Refused;
        });
        On($"POST /admin/projects/{Project}/api-keys", request =>
        {
            var body = request.Json("name", "roles?");
            request.Require(((string)body["name"]!).Length <= 80, "the name is too long");
            var key = Make(request, body, "name", "roles");
            return Json(201, new { key = Listed(key), value = key.Value });
        });
        On($"GET /admin/projects/{Project}/api-keys", _ => Json(200, new { data = Keys.Select(Listed) }));
        On("GET /admin/api-keys/{id}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Listed(key)) : NotFound);
        On("DELETE /admin/api-keys/{id}", request => Remove(request.Part("id"), FakeReply.Empty(202)));
        Try("GET /indexes", (_, _) => Json(200, new { indexes = Array.Empty<object>() }));
    }

    protected override string NewId(int number) => $"41f9e6a7-6c1f-4b8e-8a3a-{number:d12}";

    private static object Listed(FakeKey key) =>
        new { id = key.Id, name = key.Name, project_id = Project, roles = key.More["roles"] ?? new JsonArray("ProjectEditor") };
}
