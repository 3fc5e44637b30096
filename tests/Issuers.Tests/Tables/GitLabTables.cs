using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.gitlab.com/api/project_access_tokens/</summary>
internal abstract class GitLabTable(string owner, string ownerId, string place) : VendorTable("gitlab-token")
{
    public override JsonObject Settings => new()
    {
        [owner] = ownerId,
        ["lifetime"] = "120d",
        ["scopes"] = new JsonArray("read_api"),
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("nobody's tokens", new() { [owner] = null }),
        ("no lifetime", new() { ["lifetime"] = null }),
        ("too long a lifetime", new() { ["lifetime"] = "400d" }),
    ];

    public override JsonObject? Carried => owner == "user"
        ? new() { ["scopes"] = new JsonArray("read_repository") }
        : new() { ["scopes"] = new JsonArray("read_repository"), ["access_level"] = 30 };

    public override string[] CarriedSettings => ["scopes"];

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("PRIVATE-TOKEN", OwnValue);

    // GitLab's ids are numbers.
    protected override string NewId(int number) => $"{40 + number}";

    protected override void Draw()
    {
        Try("GET /api/v4/personal_access_tokens/self", (_, key) => key is null
            ? Json(200, new { id = 1 })
            : Json(403, new { error = "insufficient_scope" }));
        On($"POST {(owner == "user" ? "/api/v4/users/7/personal_access_tokens" : place)}", request =>
        {
            var body = request.Json(["name", "scopes", "expires_at", .. owner == "user" ? Array.Empty<string>() : ["access_level?"]]);
            request.Require(DateOnly.TryParseExact((string?)body["expires_at"], "yyyy-MM-dd", out _), "no date");
            var key = Make(request, body, "name", "scopes", "access_level");
            var shown = Shown(key);
            shown["token"] = key.Value;
            return FakeReply.Json(201, shown);
        });
        On($"GET {place}", request =>
        {
            request.Require(request.RequiredQuery("state") + request.RequiredQuery("per_page") == "active100", "another query");
            request.Require(request.Query("user_id") == (owner == "user" ? ownerId : null), "another user");
            var page = int.Parse(request.Query("page") ?? "1");
            var (keys, more) = Page((page - 1) * PageSize!.Value);
            var next = $"{Vendor.Address}{place}?state=active&per_page=100&page={page + 1}{(owner == "user" ? $"&user_id={ownerId}" : "")}";
            return more ? Json(200, keys.Select(Shown), ("Link", $"<{next}>; rel=\"next\"")) : Json(200, keys.Select(Shown));
        });
        On($"GET {place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        On($"DELETE {place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private static JsonObject Shown(FakeKey key)
    {
        var shown = new JsonObject
        {
            ["id"] = long.Parse(key.Id),
            ["name"] = key.Name,
            ["active"] = key.Enabled,
            ["created_at"] = At(key.Created),
            ["last_used_at"] = At(key.Used),
        };
        foreach (var (name, value) in key.More)
        {
            shown[name] = value!.DeepClone();
        }

        return shown;
    }
}

internal sealed class GitLabProjectTable() : GitLabTable("project", "acme/shop", "/api/v4/projects/acme%2Fshop/access_tokens");

internal sealed class GitLabGroupTable() : GitLabTable("group", "acme", "/api/v4/groups/acme/access_tokens");

internal sealed class GitLabUserTable() : GitLabTable("user", "7", "/api/v4/personal_access_tokens");
