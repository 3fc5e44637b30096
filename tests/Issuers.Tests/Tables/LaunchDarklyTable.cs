using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://launchdarkly.com/docs/api/access-tokens/post-token</summary>
internal class LaunchDarklyTable() : VendorTable("launchdarkly-token")
{
    private static readonly string[] Rights = ["role", "customRoleIds", "inlineRole", "serviceToken", "defaultApiVersion"];

    public override JsonObject Settings => new() { ["role"] = "reader" };

    public override string[] Documents => ["launchdarkly.json"];

    public override JsonObject? Carried => new() { ["role"] = "writer", ["serviceToken"] = true, ["defaultApiVersion"] = 20240415 };

    public override string[] CarriedSettings => ["role"];

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("Authorization", OwnValue);

    protected override void Draw()
    {
        On("POST /api/v2/tokens", request =>
        {
            var body = request.Json(["name", .. Rights.Select(right => right + "?")]);
            request.Require(Rights[..3].Count(body.ContainsKey) == 1, "not one way to say what it may do");
            return FakeReply.Json(201, Shown(Make(request, body, "name", Rights), withValue: true));
        });
        On("GET /api/v2/tokens", request =>
        {
            request.Require(request.RequiredQuery("showAll") + request.RequiredQuery("limit") == "true100", "another query");
            var from = int.Parse(request.Query("offset") ?? "0");
            var (keys, more) = Page(from);
            var links = new JsonObject { ["self"] = Link("/api/v2/tokens") };
            if (more)
            {
                links["next"] = Link($"/api/v2/tokens?showAll=true&limit=100&offset={from + PageSize}");
            }

            return Json(200, new { _links = links, items = keys.Select(key => Shown(key, withValue: false)) });
        });
        On("GET /api/v2/tokens/{id}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key, withValue: false)) : NotFound);
        Try("GET /api/v2/caller-identity", (_, key) => Json(200, new { tokenId = key?.Id ?? "own", serviceToken = true }));
        On("DELETE /api/v2/tokens/{id}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private static JsonObject Link(string path) => new() { ["href"] = path, ["type"] = "application/json" };

    private static JsonObject Shown(FakeKey key, bool withValue)
    {
        var shown = new JsonObject
        {
            ["_id"] = key.Id,
            ["name"] = key.Name,
            ["creationDate"] = key.Created.ToUnixTimeMilliseconds(),
            ["lastUsed"] = key.Used?.ToUnixTimeMilliseconds() ?? 0,
            ["customRoleIds"] = new JsonArray(),
            ["inlineRole"] = new JsonArray(),
            ["token"] = withValue ? key.Value : "XXXXXXXXXXXX1234",
        };
        foreach (var (name, value) in key.More)
        {
            shown[name] = value!.DeepClone();
        }

        return shown;
    }
}

/// <summary>A personal token with a policy of its own.</summary>
internal sealed class LaunchDarklyPolicyTable : LaunchDarklyTable
{
    public override JsonObject? Carried => new()
    {
        ["inlineRole"] = new JsonArray(new JsonObject
        {
            ["effect"] = "allow",
            ["resources"] = new JsonArray("proj/*:env/production"),
            ["actions"] = new JsonArray("*"),
        }),
        ["serviceToken"] = false,
    };
}
