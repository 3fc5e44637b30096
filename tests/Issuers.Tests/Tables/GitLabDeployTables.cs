using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.gitlab.com/api/deploy_tokens/</summary>
internal abstract class GitLabDeployTable(string owner, string ownerId, string place) : VendorTable("gitlab-deploy-token")
{
    public override JsonObject Settings => new() { [owner] = ownerId, ["scopes"] = new JsonArray("read_registry") };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("nobody's tokens", new() { [owner] = null }),
        ("two owners", new() { ["project"] = "acme/shop", ["group"] = "acme" }),
        ("tokens that cannot be tried", new() { ["scopes"] = new JsonArray("read_package_registry") }),
    ];

    public override JsonObject? Carried => new() { ["scopes"] = new JsonArray("read_repository"), ["username"] = "ci-reader" };

    public override string[] CarriedSettings => ["scopes"];

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("PRIVATE-TOKEN", OwnValue);

    protected override (string Name, string Value) Shown(string value)
    {
        var user = Keys.Find(key => key.Value == value) is { } key ? UserOf(key) : "nobody";
        return ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{value}")));
    }

    // GitLab's ids are numbers.
    protected override string NewId(int number) => $"{40 + number}";

    protected override void Draw()
    {
        Try("GET /jwt/auth", (request, key) =>
        {
            request.Require(request.RequiredQuery("service") == "container_registry", "another service");
            return key!.More["scopes"]!.AsArray().Any(scope => ((string?)scope)!.EndsWith("_registry", StringComparison.Ordinal))
                ? Json(200, new { token = "registry-token" })
                : Json(403, new { errors = new[] { new { code = "DENIED", message = "access forbidden" } } });
        });
        On($"POST {place}", request =>
        {
            var body = request.Json("name", "scopes", "username?", "expires_at?");
            var key = Make(request, body, "name", "scopes", "username");
            key.Ends = (string?)body["expires_at"] is { } end ? DateTimeOffset.Parse(end) : null;
            var shown = Shown(key);
            shown["token"] = key.Value;
            return FakeReply.Json(201, shown);
        });
        On($"GET {place}", request =>
        {
            request.Require(request.RequiredQuery("active") + request.RequiredQuery("per_page") == "true100", "another query");
            var page = int.Parse(request.Query("page") ?? "1");
            var (keys, more) = Page((page - 1) * PageSize!.Value);
            var next = $"<{Vendor.Address}{place}?active=true&per_page=100&page={page + 1}>; rel=\"next\"";
            return more ? Json(200, keys.Select(Shown), ("Link", next)) : Json(200, keys.Select(Shown));
        });
        On($"GET {place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        On($"DELETE {place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private static string UserOf(FakeKey key) => (string?)key.More["username"] ?? $"gitlab+deploy-token-{key.Id}";

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = long.Parse(key.Id),
        ["name"] = key.Name,
        ["username"] = UserOf(key),
        ["expires_at"] = At(key.Ends),
        ["revoked"] = false,
        ["expired"] = false,
        ["scopes"] = key.More["scopes"]!.DeepClone(),
    };
}

internal sealed class GitLabProjectDeployTable()
    : GitLabDeployTable("project", "acme/shop", "/api/v4/projects/acme%2Fshop/deploy_tokens");

internal sealed class GitLabGroupDeployTable() : GitLabDeployTable("group", "acme", "/api/v4/groups/acme/deploy_tokens");
