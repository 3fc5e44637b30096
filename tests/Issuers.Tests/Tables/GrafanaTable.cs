using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://grafana.com/docs/grafana/latest/developers/http_api/serviceaccount/</summary>
internal class GrafanaTable() : VendorTable("grafana-token")
{
    public override JsonObject Settings => new() { ["serviceAccount"] = "17", ["lifetime"] = "90d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("no service account", new() { ["serviceAccount"] = null }),
        ("a name that leads elsewhere", new() { ["serviceAccount"] = ".." }),
        ("an account and a key that became one", new() { ["legacyKey"] = "ci" }),
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

/// <summary>An API key from before there were service accounts: https://grafana.com/docs/grafana/v9.1/developers/http_api/auth/</summary>
internal sealed class GrafanaLegacyTable : GrafanaTable
{
    private const string Name = "by hand";

    public override JsonObject Settings => new() { ["legacyKey"] = Name, ["lifetime"] = "90d" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no key", new() { ["legacyKey"] = null }), ("a key that never was", new() { ["legacyKey"] = "by hand, and another" })];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>(base.Beyond)
    {
        ["GET /api/auth/keys"] =
            "https://grafana.com/docs/grafana/v9.1/developers/http_api/auth/#get-api-keys: the document is a newer one",
        ["POST /api/serviceaccounts/migrate/{id}"] =
            "https://grafana.com/docs/grafana/v9.1/developers/http_api/serviceaccount/: the document is a newer one",
    };

    /// <summary>Only as long as the key stands there alone, as when Rotunda first sees it.</summary>
    private bool IsLegacy => !_isMigrated && Keys is [{ Name: Name }];

    private bool _isMigrated;

    protected override FakeKey Stand()
    {
        _isMigrated = Keys.Count > 0;
        return base.Stand();
    }

    protected override void Draw()
    {
        base.Draw();
        On("GET /api/auth/keys", request =>
        {
            request.Require(request.Query("includeExpired") == "true", "not all");
            return Json(200, Keys.Where(_ => IsLegacy).Select(key => new
            {
                id = long.Parse(key.Id), name = key.Name, role = "Editor", lastUsedAt = At(key.Used),
            }));
        });
        On("POST /api/serviceaccounts/migrate/{id}", request =>
        {
            request.RequireNoBody();
            if (!IsLegacy || request.Part("id") != Keys[0].Id)
            {
                return Json(500, new { message = "Error converting API key" });
            }

            _isMigrated = true;
            return Json(200, new { message = "Service accounts migrated" });
        });
        On("GET /api/serviceaccounts/search", request =>
        {
            request.Require(request.RequiredQuery("perpage") == "1000", "another page");
            var asked = request.RequiredQuery("query");
            (int Id, string Name)[] all = [(18, $"sa-autogen-{Name} 2"), .. IsLegacy ? [] : new[] { (17, $"sa-autogen-{Name}") }];
            var found = all.Where(one => one.Name.Contains(asked)).Select(one => new { id = one.Id, name = one.Name, login = one.Name });
            return Json(200, new { totalCount = found.Count(), serviceAccounts = found, page = 1, perPage = 1000 });
        });
    }
}
