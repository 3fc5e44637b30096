using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.Snowflake;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation</summary>
internal sealed partial class SnowflakeKeyTable() : VendorTable("snowflake-key-pair")
{
    private static readonly RSA Pair = RSA.Create(2048);
    private static readonly RSAParameters Issued = RSA.Create(2048).ExportParameters(includePrivateParameters: true);
    private readonly Dictionary<string, RSA> _halves = [];

    public override string OwnSetting => "privateKey";

    public override string OwnValue { get; } = Pair.ExportPkcs8PrivateKeyPem();

    public override JsonObject Settings => new() { ["account"] = "acme-prod", ["user"] = "ETL", ["login"] = "rotunda" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    public override string[] Documents => ["snowflake-sqlapi.json"];

    public override void Prepare(IProvider provider) => ((SnowflakeKeyProvider)provider).NewPair = () => RSA.Create(Issued);

    protected override FakeReply Refused => Json(401, new { code = "390144", message = "JWT token is invalid." });

    protected override string NewId(int number) => $"SHA256:by-hand-{number}";

    protected override void Draw() => Route("POST /api/v2/statements", request =>
    {
        request.Require(request.RequiredQuery("async") == "false", "not at once");
        var statement = (string)request.Json("statement", "timeout")["statement"]!;
        var bearer = request.Header("Authorization")?["Bearer ".Length..] ?? "";
        return statement == "SELECT CURRENT_USER()" ? Keys.Exists(key => IsOf(key, bearer)) ? Rows([["ETL"]]) : Refused
            : FakeTokens.Claims(bearer, Pair) is not { } claims || (string?)claims["sub"] != "ACME-PROD.ROTUNDA" ? Refused
            : statement == "DESCRIBE USER \"ETL\"" ? Rows([["NAME", "ETL"], Place(0), Place(1)])
            : Set().Match(statement) is { Success: true } set ? Put(request, set.Groups["place"].Value, set.Groups["half"].Value)
            : Unset().Match(statement) is { Success: true } unset ? Take(unset.Groups["place"].Value)
            : Json(422, new { code = "001003", message = $"SQL compilation error: {statement}" });
    });

    /// <summary>The key by hand is in the first place, and the issued one in the second.</summary>
    private FakeReply Put(FakeRequest request, string place, string half)
    {
        request.Require(place == "RSA_PUBLIC_KEY_2" && Keys.TrueForAll(key => key.Place != place), "a place that is taken");
        var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(half), out _);
        Make(request, [], "");
        Keys[^1] = Keys[^1] with { Id = FakeTokens.Fingerprint(key), Place = place };
        _halves[Keys[^1].Id] = key;
        return Rows([["Statement executed successfully."]]);
    }

    private FakeReply Take(string place)
    {
        Keys.RemoveAll(key => key.Place == place || (place == "RSA_PUBLIC_KEY" && key.Place.Length == 0));
        return Rows([["Statement executed successfully."]]);
    }

    private string?[] Place(int index) => index == 0
        ? ["RSA_PUBLIC_KEY_FP", Keys.Find(key => key.Place.Length == 0)?.Id ?? "null"]
        : ["RSA_PUBLIC_KEY_2_FP", Keys.Find(key => key.Place == "RSA_PUBLIC_KEY_2")?.Id];

    private bool IsOf(FakeKey key, string bearer) => _halves.TryGetValue(key.Id, out var half)
        && FakeTokens.Claims(bearer, half) is { } claims
        && (string?)claims["iss"] == $"ACME-PROD.ETL.{key.Id}";

    private static FakeReply Rows(string?[][] data) => Json(200, new
    {
        code = "090001",
        resultSetMetaData = new { numRows = data.Length, rowType = new[] { new { name = "property" }, new { name = "value" } } },
        data,
    });

    [GeneratedRegex(
        """^ALTER USER "ETL" SET (?<place>RSA_PUBLIC_KEY(_2)?) = '(?<half>[A-Za-z0-9+/=]+)'$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Set();

    [GeneratedRegex("""^ALTER USER "ETL" UNSET (?<place>RSA_PUBLIC_KEY(_2)?)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unset();
}
