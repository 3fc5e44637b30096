using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.docker.com/reference/api/hub/latest/</summary>
internal abstract class DockerHubTable(string place, string? organization) : VendorTable("docker-hub-token")
{
    private const string Session = "session-token-0123456789abcdef";

    public override string OwnSetting => "password";

    public override JsonObject Settings => new() { ["user"] = "acme-bot", ["organization"] = organization };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    public override string[] Documents => ["docker-hub.json"];

    public override string[] CarriedSettings => ["scopes", "repositories"];

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected abstract string Label { get; }

    protected override void Draw()
    {
        Route("POST /v2/auth/token", request =>
        {
            var login = request.Json("identifier", "secret");
            var (user, secret) = ((string?)login["identifier"], (string?)login["secret"]);
            var isOwn = user == "acme-bot" && secret == OwnValue;
            return isOwn || (user == (organization ?? "acme-bot") && Keys.Exists(key => key.Enabled && key.Value == secret))
                ? Json(200, new { access_token = isOwn ? Session : "another-session" })
                : Json(401, new { detail = "incorrect authentication credentials" });
        });
        On($"POST {place}", request => Json(
            201,
            Shown(Make(request, request.Json(Members), Label, "scopes", "resources"), withValue: true)));
        On($"GET {place}", request =>
        {
            request.Require(request.RequiredQuery("page_size") == "100", "another size");
            var page = int.Parse(request.Query("page") ?? "1");
            var (keys, more) = Page((page - 1) * PageSize!.Value);
            return Json(200, new
            {
                next = more ? $"{Vendor.Address}{place}?page_size=100&page={page + 1}" : "",
                results = keys.Select(key => Shown(key, withValue: false)),
            });
        });
        On($"GET {place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Shown(key, withValue: false)) : NotFound);
        On($"PATCH {place}/{{id}}", request => Enable(
            request.Part("id"),
            request.Json("is_active")["is_active"]!.GetValue<bool>(),
            key => Json(200, Shown(key, withValue: false))));
        On($"DELETE {place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private string[] Members =>
        organization is null ? ["token_label", "scopes", "expires_at?"] : ["label", "resources", "expires_at?"];

    private JsonObject Shown(FakeKey key, bool withValue)
    {
        var isPersonal = organization is null;
        var shown = new JsonObject
        {
            [isPersonal ? "uuid" : "id"] = key.Id,
            [Label] = key.Name,
            ["created_at"] = At(key.Created),
            [isPersonal ? "last_used" : "last_used_at"] = At(key.Used),
            ["is_active"] = key.Enabled,
        };
        foreach (var (name, value) in key.More)
        {
            shown[name] = value!.DeepClone();
        }

        if (withValue)
        {
            shown["token"] = key.Value;
        }

        return shown;
    }
}

internal sealed class DockerHubPersonalTable() : DockerHubTable("/v2/access-tokens", null)
{
    public override JsonObject? Carried => new() { ["scopes"] = new JsonArray("repo:write", "repo:read") };

    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["scopes"] = new JsonArray("repo:write", "repo:read");
            return settings;
        }
    }

    protected override string Label => "token_label";
}

internal sealed class DockerHubOrganizationTable() : DockerHubTable("/v2/orgs/acme/access-tokens", "acme")
{
    public override JsonObject? Carried => new()
    {
        ["resources"] = new JsonArray(new JsonObject
        {
            ["type"] = "TYPE_REPO",
            ["path"] = "acme/app",
            ["scopes"] = new JsonArray("repo-push"),
        }),
    };

    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["repositories"] = new JsonArray("acme/app");
            settings["scopes"] = new JsonArray("repo-push");
            return settings;
        }
    }

    protected override string Label => "label";
}
