using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.slack.dev/authentication/using-token-rotation: a refresh token works once.</summary>
internal sealed class SlackTable() : VendorTable("slack-rotated-token")
{
    private const string Link = "https://docs.slack.dev/reference/methods/";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new() { ["clientId"] = "123.456" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("no client id", new() { ["clientId"] = null }),
        ("another client", new() { ["clientId"] = "999.999" }),
    ];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /oauth.v2.access"] = Link + "oauth.v2.access: the archived document knows no refresh",
        ["GET /auth.test"] = Link + "auth.test: by a bearer token, which the archived document does not have",
    };

    protected override string NewId(int number) => "A1/T1";

    protected override string NewValue(int number) => $$"""{"access_token":"xoxe.xoxb-{{number}}-{{Guid.NewGuid():N}}","refresh_token":"xoxe-1-{{number}}-{{Guid.NewGuid():N}}"}""";

    protected override (string Name, string Value) Shown(string value) => ("Authorization", $"Bearer {Member(value, "access_token")}");

    protected override void Draw()
    {
        Route("POST /oauth.v2.access", request =>
        {
            var form = request.Form("client_id", "client_secret", "grant_type", "refresh_token");
            request.Require((string?)form["grant_type"] == "refresh_token", "another grant");
            return (string?)form["client_id"] != "123.456" ? Failed("invalid_client_id")
                : (string?)form["client_secret"] != OwnValue ? Failed("bad_client_secret")
                : Keys.Find(key => !key.More.ContainsKey("used") && Member(key.Value, "refresh_token") == (string?)form["refresh_token"])
                    is not { } key ? Failed("invalid_refresh_token")
                : Refreshed(request, key);
        });
        Route("GET /auth.test", request => Keys.Exists(key => request.Header("Authorization") == Shown(key.Value).Value)
            ? Json(200, new { ok = true, url = "https://acme.slack.com/", team = "acme", user = "bot", team_id = "T1", user_id = "U1" })
            : Failed("invalid_auth"));
    }

    private FakeReply Refreshed(FakeRequest request, FakeKey used)
    {
        used.More["used"] = true;
        var key = Make(request, [], "");
        return Json(200, new
        {
            ok = true,
            access_token = Member(key.Value, "access_token"),
            refresh_token = Member(key.Value, "refresh_token"),
            expires_in = 43200,
            token_type = "bot",
            app_id = "A1",
            team = new { id = "T1", name = "acme" },
        });
    }

    private static FakeReply Failed(string error) => Json(200, new { ok = false, error });

    private static string? Member(string pair, string member) =>
        pair.StartsWith('{') ? (string?)JsonNode.Parse(pair)![member] : null;
}
