using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-programmatic-access-token</summary>
internal sealed partial class SnowflakeTokenTable() : VendorTable("snowflake-token")
{
    private static readonly RSA Pair = RSA.Create(2048);

    public override string OwnSetting => "privateKey";

    public override string OwnValue { get; } = Pair.ExportPkcs8PrivateKeyPem();

    public override JsonObject Settings => new()
    {
        ["account"] = "acme-prod",
        ["user"] = "ETL",
        ["role"] = "LOADER",
        ["lifetime"] = "120d",
        ["login"] = "rotunda",
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    public override string[] Documents => ["snowflake-sqlapi.json"];

    public override JsonObject? Carried => new() { ["role"] = "O'LOADER" };

    public override string[] CarriedSettings => ["role"];

    protected override FakeReply Refused => Json(401, new { code = "390144", message = "JWT token is invalid." });

    /// <summary>A name is the id: what is the label of one is its id, too.</summary>
    protected override string NewId(int number) => $"BY_HAND_{number}";

    protected override void Draw() => Route("POST /api/v2/statements", request =>
    {
        request.Require(request.RequiredQuery("async") == "false", "not at once");
        var statement = (string)request.Json("statement", "timeout")["statement"]!;
        var bearer = request.Header("Authorization")!["Bearer ".Length..];
        var issued = Keys.Exists(key => key.Enabled && key.Value == bearer);
        return statement == "SELECT CURRENT_USER()" ? issued ? Rows(["CURRENT_USER()"], [["ETL"]]) : Refused
            : !IsOwn(bearer) ? Refused
            : statement == "SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER \"ETL\"" ? Show()
            : Add().Match(statement) is { Success: true } add ? Create(request, add)
            : Disable().Match(statement) is { Success: true } change
                ? Change(change.Groups["name"].Value, change.Groups["is"].Value == "FALSE")
            : RemoveToken().Match(statement) is { Success: true } remove ? Drop(remove.Groups["name"].Value)
            : Json(422, new { code = "001003", message = $"SQL compilation error: {statement}" });
    });

    private FakeReply Create(FakeRequest request, Match statement)
    {
        var body =
            new JsonObject { ["name"] = statement.Groups["name"].Value, ["role"] = statement.Groups["role"].Value.Replace("''", "'") };
        request.Require(statement.Groups["days"].Value is "120" or "119", "another lifetime");
        var made = Make(request, body, "name", "role");
        Keys[^1] = made with { Id = made.Name };
        return Rows(["token_name", "token_secret"], [[made.Name, made.Value]]);
    }

    private FakeReply Drop(string name) => Keys.RemoveAll(key => key.Id == name) == 1
        ? Rows(["status"], [["removed"]])
        : Json(422, new { code = "391600", message = "the token does not exist" });

    private FakeReply Change(string name, bool enabled)
    {
        if (Keys.Find(key => key.Id == name) is not { } found)
        {
            return Json(422, new { code = "391600", message = "the token does not exist" });
        }

        found.Enabled = enabled;
        return Rows(["status"], [["changed"]]);
    }

    private FakeReply Show() => Rows(
        ["name", "user_name", "role_restriction", "expires_at", "status", "comment", "created_on"],
        [
            .. Keys.Select(key => new[]
            {
                key.Id, "ETL", (string?)key.More["role"], "1", key.Enabled ? "ACTIVE" : "DISABLED", null,
                $"{key.Created.ToUnixTimeSeconds()}.000000000",
            }),
            ["GONE", "ETL", null, "1", "EXPIRED", null, "1700000000.000000000 960"],
        ]);

    private static FakeReply Rows(string[] columns, string?[][] data) => Json(200, new
    {
        code = "090001",
        resultSetMetaData = new { numRows = data.Length, rowType = columns.Select(name => new { name, type = "text" }) },
        data,
    });

    private static bool IsOwn(string token) => FakeTokens.Claims(token, Pair) is { } claims
        && (string?)claims["iss"] == $"ACME-PROD.ROTUNDA.{FakeTokens.Fingerprint(Pair)}"
        && (string?)claims["sub"] == "ACME-PROD.ROTUNDA";

    [GeneratedRegex(
        """^ALTER USER "ETL" ADD PROGRAMMATIC ACCESS TOKEN "(?<name>\w+)" """
            + """ROLE_RESTRICTION = '(?<role>([^']|'')+)' DAYS_TO_EXPIRY = (?<days>\d+)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Add();

    [GeneratedRegex(
        """^ALTER USER "ETL" MODIFY PROGRAMMATIC ACCESS TOKEN "(?<name>[^"]+)" SET DISABLED = (?<is>TRUE|FALSE)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Disable();

    [GeneratedRegex("""^ALTER USER "ETL" REMOVE PROGRAMMATIC ACCESS TOKEN "(?<name>[^"]+)"$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RemoveToken();
}
