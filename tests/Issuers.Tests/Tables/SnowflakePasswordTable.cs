using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.snowflake.com/en/sql-reference/sql/alter-user: one password, and a login as drivers make it.</summary>
internal sealed partial class SnowflakePasswordTable() : VendorTable("snowflake-password")
{
    private static readonly RSA Pair = RSA.Create(2048);

    public override bool Issues => false;

    public override string OwnSetting => "privateKey";

    public override string OwnValue { get; } = Pair.ExportPkcs8PrivateKeyPem();

    public override JsonObject Settings => new() { ["account"] = "acme-prod", ["user"] = "ETL", ["login"] = "rotunda" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("its own login", new() { ["user"] = "Rotunda" }), ("no such user", new() { ["user"] = "ANOTHER" })];

    public override string[] Documents => ["snowflake-sqlapi.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /session/v1/login-request"] = "as the drivers log in: https://github.com/snowflakedb/snowflake-connector-python",
    };

    public override Action<string>? SetByHand => Set;

    public override string? NoRights => "the check refuses users who cannot log in by a password alone";

    /// <summary>What else the user is like.</summary>
    public Dictionary<string, string> Properties { get; } =
        new(StringComparer.Ordinal) { ["TYPE"] = "LEGACY_SERVICE", ["DISABLED"] = "false" };

    /// <summary>Why a login is refused whatever the password is; null if it is not.</summary>
    public (string Code, string Message)? Refuses { get; set; }

    protected override FakeReply Refused => Json(401, new { code = "390144", message = "JWT token is invalid." });

    protected override void Draw()
    {
        Route("POST /api/v2/statements", request =>
        {
            request.Require(request.RequiredQuery("async") == "false", "not at once");
            var statement = (string)request.Json("statement", "timeout")["statement"]!;
            var bearer = request.Header("Authorization")!["Bearer ".Length..];
            if (FakeTokens.Claims(bearer, Pair) is not { } claims || (string?)claims["sub"] != "ACME-PROD.ROTUNDA")
            {
                return Refused;
            }

            if (statement == "DESCRIBE USER \"ETL\"")
            {
                return Rows([["NAME", "ETL"], .. Properties.Select(property => new[] { property.Key, property.Value })]);
            }

            if (SetPassword().Match(statement) is not { Success: true } set)
            {
                return Json(422, new { code = "002003", message = "User does not exist or not authorized." });
            }

            Set(set.Groups["password"].Value.Replace("''", "'").Replace("\\\\", "\\"));
            return Rows([["Statement executed successfully.", ""]]);
        });
        Route("POST /session/v1/login-request", request =>
        {
            var data = request.Json("data")["data"]!.AsObject();
            request.Require(
                data.Select(member => member.Key).Order().SequenceEqual(
                    ["ACCOUNT_NAME", "CLIENT_APP_ID", "CLIENT_APP_VERSION", "LOGIN_NAME", "PASSWORD"]),
                "other members");
            request.Require((string?)data["ACCOUNT_NAME"] == "acme-prod", "another account");
            return Refuses is { } refusal
                    ? Json(200, new { success = false, code = refusal.Code, message = refusal.Message, data = new { } })
                : (string?)data["LOGIN_NAME"] == "ETL" && (string?)data["PASSWORD"] == Keys[0].Value
                    ? Json(200, new { success = true, code = (string?)null, data = new { token = "a-session" } })
                : Json(200, new { success = false, code = "390100", message = "Incorrect username or password was specified." });
        });
    }

    private void Set(string password) => Keys[0] = Keys[0] with { Value = password, More = new() { ["password"] = password } };

    private static FakeReply Rows(string?[][] data) => Json(200, new
    {
        code = "090001",
        resultSetMetaData = new { numRows = data.Length, rowType = new[] { new { name = "property" }, new { name = "value" } } },
        data,
    });

    [GeneratedRegex("""^ALTER USER "ETL" SET PASSWORD = '(?<password>([^'\\]|''|\\\\)+)'$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SetPassword();
}
