using System.Security.Cryptography;
using System.Text;
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
        var issued = Keys.Exists(key => key.Value == bearer);
        return statement == "SELECT CURRENT_USER()" ? issued ? Rows(["CURRENT_USER()"], [["ETL"]]) : Refused
            : !IsOwn(bearer) ? Refused
            : statement == "SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER \"ETL\"" ? Show()
            : Add().Match(statement) is { Success: true } add ? Create(request, add)
            : RemoveToken().Match(statement) is { Success: true } remove ? Drop(remove.Groups["name"].Value)
            : Json(422, new { code = "001003", message = $"SQL compilation error: {statement}" });
    });

    private FakeReply Create(FakeRequest request, Match statement)
    {
        var body = new JsonObject { ["name"] = statement.Groups["name"].Value, ["role"] = statement.Groups["role"].Value.Replace("''", "'") };
        request.Require(statement.Groups["days"].Value is "120" or "119", "another lifetime");
        var made = Make(request, body, "name", "role");
        Keys[^1] = made with { Id = made.Name };
        return Rows(["token_name", "token_secret"], [[made.Name, made.Value]]);
    }

    private FakeReply Drop(string name) => Keys.RemoveAll(key => key.Id == name) == 1
        ? Rows(["status"], [["removed"]])
        : Json(422, new { code = "391600", message = "the token does not exist" });

    private FakeReply Show() => Rows(
        ["name", "user_name", "role_restriction", "expires_at", "status", "comment", "created_on"],
        [
            .. Keys.Select(key => new[]
            {
                key.Id == key.Name || key.Name == "by hand" ? key.Id : key.Name, "ETL", (string?)key.More["role"], "1", "ACTIVE", null,
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

    private static bool IsOwn(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return false;
        }

        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))!;
        var print = Convert.ToBase64String(SHA256.HashData(Pair.ExportSubjectPublicKeyInfo()));
        return (string?)claims["iss"] == $"ACME-PROD.ROTUNDA.SHA256:{print}" && (string?)claims["sub"] == "ACME-PROD.ROTUNDA"
            && (long)claims["exp"]! - (long)claims["iat"]! <= 3600
            && Pair.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1);
    }

    [GeneratedRegex(
        """^ALTER USER "ETL" ADD PROGRAMMATIC ACCESS TOKEN "(?<name>\w+)" ROLE_RESTRICTION = '(?<role>([^']|'')+)' DAYS_TO_EXPIRY = (?<days>\d+)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Add();

    [GeneratedRegex("""^ALTER USER "ETL" REMOVE PROGRAMMATIC ACCESS TOKEN "(?<name>[^"]+)"$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RemoveToken();
}
