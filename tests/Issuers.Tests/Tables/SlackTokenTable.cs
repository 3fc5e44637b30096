using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.slack.dev/reference/methods/auth.revoke</summary>
internal sealed class SlackTokenTable() : SuppliedTable("slack-token")
{
    private const string Link = "https://docs.slack.dev/reference/methods/";

    /// <summary>What every revoke is answered with; null for what Slack would say.</summary>
    public string? Says { get; set; }

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /auth.test"] = Link + "auth.test: by a bearer token, which the archived document does not have",
        ["POST /auth.revoke"] = Link + "auth.revoke: the token in the body, where no log has it",
    };

    protected override string Prefix => "xoxb-";

    protected override void Draw()
    {
        Route("GET /auth.test", request =>
        {
            var shown = request.Header("Authorization");
            return Keys.Exists(key => shown == Shown(key.Value).Value)
                ? Json(200, new { ok = true, url = "https://acme.slack.com/", team = "acme", user = "bot", team_id = "T1", user_id = "U1" })
                : Failed("token_revoked");
        });
        Route("POST /auth.revoke", request =>
        {
            var token = (string?)request.Form("token")["token"];
            return Says is { } said ? Failed(said)
                : Keys.RemoveAll(key => key.Value == token) == 1 ? Json(200, new { ok = true, revoked = true })
                : Failed("token_revoked");
        });
    }

    private static FakeReply Failed(string error) => Json(200, new { ok = false, error });
}
