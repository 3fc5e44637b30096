using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys</summary>
internal sealed class GoogleKeyTable() : VendorTable("google-service-account-key")
{
    private const string Account = "uploader@acme.example";
    private const string Place = "/v1/projects/-/serviceAccounts/uploader%40acme.example/keys";
    private const string Session = "session-token-0123456789abcdef";
    private static readonly RSA[] Pairs = [.. Enumerable.Range(0, 4).Select(_ => RSA.Create(2048))];

    public override string OwnSetting => "credentials";

    public override string OwnValue { get; } = File("rotunda@acme.example", "own", Pairs[0]);

    public override JsonObject Settings => new() { ["serviceAccount"] = Account, ["tokenUrl"] = Vendor.Address };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no account", new() { ["serviceAccount"] = null })];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    /// <summary>Pairs take long to make: a few are used again and again.</summary>
    protected override string NewValue(int number) => File(Account, NewId(number), Pairs[1 + (number % 3)]);

    protected override void Draw()
    {
        Route("POST /token", request =>
        {
            var form = request.Form("grant_type", "assertion");
            request.Require((string?)form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer", "another grant");
            var assertion = (string)form["assertion"]!;
            return Is(assertion, Pairs[0], "rotunda@acme.example") ? Json(200, new { access_token = Session })
                : Keys.Exists(key => key.Enabled && Is(assertion, PairOf(key), Account)) ? Json(200, new { access_token = "another" })
                : Json(400, new { error = "invalid_grant", error_description = "Invalid JWT Signature." });
        });
        On($"POST {Place}", request =>
        {
            request.Json();
            var shown = Shown(Make(request, [], ""));
            shown["privateKeyData"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Keys[^1].Value));
            return FakeReply.Json(200, shown);
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("keyTypes") == "USER_MANAGED", "Google's own keys, too");
            return Keys.Count == 0 ? Json(200, new { }) : Json(200, new { keys = Keys.Select(Shown) });
        });
        On($"POST {Place}/{{id}}", request =>
        {
            request.Json();
            var (id, verb) = (request.Part("id").Split(':')[0], request.Part("id").Split(':')[1]);
            request.Require(verb is "enable" or "disable", "another verb");
            return Enable(id, verb == "enable", _ => Json(200, new { }));
        });
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), Json(200, new { })));
    }

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["name"] = $"projects/acme/serviceAccounts/{Account}/keys/{key.Id}",
        ["validAfterTime"] = At(key.Created),
        ["keyType"] = "USER_MANAGED",
    };

    private static bool Is(string assertion, RSA pair, string account) => FakeTokens.Claims(assertion, pair) is { } claims
        && (string?)claims["iss"] == account
        && (string?)claims["aud"] == "https://oauth2.googleapis.com/token";

    private static RSA PairOf(FakeKey key) => Pairs[1 + (int.Parse(key.Id.Split('-')[^1]) % 3)];

    private static string File(string account, string id, RSA pair) => new JsonObject
    {
        ["type"] = "service_account",
        ["private_key_id"] = id,
        ["private_key"] = pair.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = account,
    }.ToString();
}
