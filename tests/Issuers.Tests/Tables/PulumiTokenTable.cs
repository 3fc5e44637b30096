using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.pulumi.com/docs/reference/cloud-rest-api/access-tokens/</summary>
internal abstract class PulumiTokenTable(string place, string? organization, string? team) : VendorTable("pulumi-token")
{
    private readonly HashSet<string> _namesEver = new(StringComparer.Ordinal);

    public override JsonObject Settings => new() { ["organization"] = organization, ["team"] = team };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("a team of nobody", new() { ["team"] = "x", ["organization"] = null }),
        ("a lifetime that is too long", new() { ["lifetime"] = "731d" }),
    ];

    protected override (string Name, string Value)[] Headers => [("Accept", "application/vnd.pulumi+8")];

    protected override (string Name, string Value) Own => ("Authorization", $"token {OwnValue}");

    private string[] Members => team is not null ? ["name", "description", "expires"]
        : organization is not null ? ["name", "description", "expires", "admin", "roleID?"] : ["description", "expires"];

    protected override void Draw()
    {
        On($"POST {place}", request =>
        {
            var body = request.Json(Members);
            var name = (string?)body["name"];
            request.Require(name is null || (name.Length <= 40 && _namesEver.Add(name)), "the name is too long, or was there before");
            request.Require((long)body["expires"]! is 0 or > 1_700_000_000, "it has expired already");
            var key = Make(request, body, "description", "admin", "roleID");
            return Json(200, new { id = key.Id, tokenValue = key.Value });
        });
        On($"GET {place}", _ => Json(200, new { tokens = Keys.Select(Listed) }));
        On($"DELETE {place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
        Try("GET /api/user", (_, _) => Json(200, new { githubLogin = "ada" }));
    }

    private static object Listed(FakeKey key) => new
    {
        id = key.Id,
        description = key.Name,
        created = At(key.Created),
        lastUsed = key.Used?.ToUnixTimeSeconds() ?? 0,
    };
}

internal sealed class PulumiOrganizationTable() : PulumiTokenTable("/api/orgs/acme/tokens", "acme", null);

internal sealed class PulumiTeamTable() : PulumiTokenTable("/api/orgs/acme/teams/{team}/tokens", "acme", "platform team");

internal sealed class PulumiUserTable() : PulumiTokenTable("/api/user/tokens", null, null);
