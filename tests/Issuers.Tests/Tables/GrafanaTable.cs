using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://grafana.com/docs/grafana/latest/developers/http_api/serviceaccount/</summary>
internal sealed class GrafanaTable() : VendorTable("grafana-token")
{
    public override JsonObject Settings => new() { ["serviceAccount"] = "17", ["lifetime"] = "90d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("no service account", new() { ["serviceAccount"] = null }),
        ("a name that leads elsewhere", new() { ["serviceAccount"] = ".." }),
    ];

    public override string[] Documents => ["grafana.json"];

    public override string? DocumentBase => "/api";

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /api/org"] = "https://grafana.com/docs/grafana/latest/developers/http_api/org/: the document has service accounts only",
    };

    // Grafana's ids are numbers.
    protected override string NewId(int number) => $"{number}";

    protected override void Draw()
    {
        On("POST /api/serviceaccounts/17/tokens", request =>
        {
            var body = request.Json("name", "secondsToLive");
            request.Require((long)body["secondsToLive"]! is > 89 * 86_400L and <= 90 * 86_400L, "another lifetime");
            if (Keys.Exists(other => other.Name == (string?)body["name"]))
            {
                return Json(409, new { message = "service account token with given name already exists in the organization" });
            }

            var key = Make(request, body, "name");
            return Json(200, new { id = long.Parse(key.Id), name = key.Name, key = key.Value });
        });
        On("GET /api/serviceaccounts/17/tokens", _ => Json(200, Keys.Select(Listed).Append(new
        {
            id = 9_999L, name = "revoked", created = At(DateTimeOffset.UnixEpoch), isRevoked = true,
        })));
        On("DELETE /api/serviceaccounts/17/tokens/{id}", request =>
            Remove(request.Part("id"), Json(200, new { message = "Service account token deleted" })));
        Try("GET /api/org", (_, _) => Json(200, new { id = 1, name = "Main Org." }));
    }

    private static object Listed(FakeKey key) => key.Used is null
        ? new { id = long.Parse(key.Id), name = key.Name, created = At(key.Created), isRevoked = false }
        : new { id = long.Parse(key.Id), name = key.Name, created = At(key.Created), lastUsedAt = At(key.Used), isRevoked = false };
}
