using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://tailscale.com/api#tag/keys</summary>
internal sealed class TailscaleTable() : VendorTable("tailscale-auth-key")
{
    private const string Place = "/api/v2/tailnet/-/keys";
    private const string Session = "session-token-0123456789abcdef";
    private readonly List<FakeKey> _ended = [];

    public override string OwnSetting => "clientSecret";

    public override string? Lifetime => "60d";

    public override JsonObject Settings => new() { ["clientId"] = "kABC12CNTRL", ["tags"] = new JsonArray("tag:ci") };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no client", new() { ["clientId"] = null }), ("too long a lifetime", new() { ["lifetime"] = "91d" })];

    public override JsonObject? Carried => new() { ["capabilities"] = Capabilities("tag:prod", reusable: false) };

    public override string[] CarriedSettings => ["tags"];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected override string NewId(int number) => $"k{number:d6}CNTRL";

    protected override string NewValue(int number) => $"tskey-auth-{NewId(number)}-{Guid.NewGuid():N}";

    protected override void Draw()
    {
        Tokens("/api/v2/oauth/token", "kABC12CNTRL", Session, issued: null, inHeader: false);
        On($"POST {Place}", request =>
        {
            var body = request.Json("description", "capabilities", "expirySeconds?");
            request.Require(((string)body["description"]!).Length <= 50, "the description is too long");
            var key = Make(request, body, "description", "capabilities");
            var shown = Shown(key);
            shown["key"] = key.Value;
            return FakeReply.Json(200, shown);
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("all") == "true", "not all");
            return Json(200, new { keys = Keys.Select(Shown).Append(new JsonObject { ["id"] = "k0CNTRL", ["keyType"] = "api" }) });
        });

        // What was deleted is still told of, as invalid.
        On($"GET {Place}/{{id}}", request => Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key))
            : _ended.Exists(ended => ended.Id == request.Part("id")) ? Json(200, new { id = request.Part("id"), invalid = true })
            : NotFound);
        On($"DELETE {Place}/{{id}}", request =>
        {
            _ended.AddRange(Keys.Where(key => key.Id == request.Part("id")));
            return Remove(request.Part("id"), FakeReply.Empty(200));
        });
    }

    private static JsonObject Capabilities(string tag, bool reusable) => new()
    {
        ["devices"] = new JsonObject
        {
            ["create"] = new JsonObject
            {
                ["reusable"] = reusable,
                ["ephemeral"] = true,
                ["preauthorized"] = true,
                ["tags"] = new JsonArray(tag),
            },
        },
    };

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = key.Id,
        ["keyType"] = "auth",
        ["description"] = key.Name,
        ["created"] = At(key.Created),
        ["expires"] = At(key.Created.AddDays(60)),
        ["capabilities"] = key.More["capabilities"]?.DeepClone(),
    };
}
