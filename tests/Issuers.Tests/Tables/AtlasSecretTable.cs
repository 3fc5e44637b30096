using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Service-Accounts</summary>
internal sealed class AtlasSecretTable() : VendorTable("atlas-service-account")
{
    private const string Version = "application/vnd.atlas.2024-08-05+json";
    private const string Organization = "32b6e34b3d91647abb20e7b8";
    private const string Account = "mdb_sa_id_1234567890abcdef12345678";
    private const string OwnAccount = "mdb_sa_id_abcdef1234567890abcdef12";
    private const string Place = $"/api/atlas/v2/orgs/{Organization}/serviceAccounts/{Account}";
    private const string Session = "session-token-0123456789abcdef";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new()
    {
        ["organization"] = Organization,
        ["serviceAccount"] = Account,
        ["lifetime"] = "120d",
        ["clientId"] = OwnAccount,
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no account", new() { ["serviceAccount"] = null }), ("no lifetime", new() { ["lifetime"] = null })];

    public override string[] Documents => ["mongodb-atlas.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /api/oauth/token"] = "the login: https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/",
    };

    protected override (string Name, string Value)[] Headers => [];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override string NewId(int number) => $"{number:d24}";

    protected override void Draw()
    {
        Tokens("/api/oauth/token", OwnAccount, Session, Account, inHeader: true);
        On($"POST {Place}/secrets", request =>
        {
            request.Require(Versioned(request).ContentType == Version, "another content type");
            var body = request.Json("secretExpiresAfterHours");
            request.Require((int)body["secretExpiresAfterHours"]! is 120 * 24 or (120 * 24) - 1, "another lifetime");
            var shown = Shown(Make(request, [], ""));
            shown["secret"] = Keys[^1].Value;
            return FakeReply.Json(201, shown);
        });
        On($"GET {Place}", request => Versioned(request).Path == Place
            ? Json(200, new { clientId = Account, name = "ci", secrets = Keys.Select(Shown) })
            : NotFound);
        On($"DELETE {Place}/secrets/{{id}}", request => Remove(Versioned(request).Part("id"), FakeReply.Empty(204)));
    }

    private static FakeRequest Versioned(FakeRequest request)
    {
        request.RequireHeader("Accept", Version);
        return request;
    }

    private static JsonObject Shown(FakeKey key)
    {
        var shown = new JsonObject
        {
            ["id"] = key.Id,
            ["createdAt"] = At(key.Created),
            ["expiresAt"] = At(key.Created.AddDays(120)),
            ["maskedSecretValue"] = "mdb_sa_sk...",
        };
        if (key.Used is { } used)
        {
            shown["lastUsedAt"] = At(used);
        }

        return shown;
    }
}
