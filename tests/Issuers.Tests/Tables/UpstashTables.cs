using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://upstash.com/docs/devops/developer-api/redis/reset_password: one password, and two tokens that go with it.</summary>
internal sealed class UpstashPasswordTable() : VendorTable("upstash-redis-password")
{
    private const string Id = "96ad0856-03b1-4ee7-9666-e81abd0349e1";

    public override string OwnSetting => "apiKey";

    public override JsonObject Settings => new() { ["database"] = Id, ["restUrl"] = Vendor.Address, ["email"] = "ops@example.com" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no such database", new() { ["database"] = "another" }), ("no address", new() { ["restUrl"] = null })];

    public override string[] Documents => ["upstash.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /ping"] = "the token tries itself: https://upstash.com/docs/redis/features/restapi",
    };

    /// <summary>Whether the answer to a reset has the values.</summary>
    public bool ResetShows { get; set; } = true;

    /// <summary>Whether they can be read at all (Credential Protection).</summary>
    public bool Shows { get; set; } = true;

    protected override (string Name, string Value) Own =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"ops@example.com:{OwnValue}"))}");

    protected override string NewId(int number) => Id;

    protected override string NewValue(int number) => new JsonObject
    {
        ["password"] = $"password-{number:d4}-{Guid.NewGuid():N}",
        ["rest_token"] = $"rest-{number:d4}-{Guid.NewGuid():N}",
        ["read_only_rest_token"] = $"read-{number:d4}-{Guid.NewGuid():N}",
        ["endpoint"] = "clear-cat-12345.upstash.io",
        ["port"] = "6379",
    }.ToJsonString();

    protected override void Draw()
    {
        On("GET /redis/database/{id}", request => request.Part("id") == Id ? FakeReply.Json(200, Database(Shows)) : NotFound);
        On($"POST /redis/reset-password/{Id}", request =>
        {
            request.RequireNoBody();
            Keys.Clear();
            Make(request, [], "");
            return FakeReply.Json(200, Database(Shows && ResetShows));
        });
        Route("GET /ping", request => Keys.Exists(key =>
                request.Header("Authorization") == $"Bearer {JsonNode.Parse(key.Value)!["rest_token"]}")
            ? Json(200, new { result = "PONG" })
            : Json(401, new { error = "Unauthorized" }));
    }

    private JsonObject Database(bool shows)
    {
        const string endpoint = "clear-cat-12345.upstash.io";
        var database = new JsonObject { ["database_id"] = Id, ["endpoint"] = endpoint, ["port"] = 6379, ["tls"] = true };
        foreach (var name in shows ? ["password", "rest_token", "read_only_rest_token"] : Array.Empty<string>())
        {
            database[name] = JsonNode.Parse(Keys[0].Value)![name]!.DeepClone();
        }

        return database;
    }
}

/// <summary>https://upstash.com/docs/redis/commands/server/acl-setuser: commands as lists of words, at the database itself.</summary>
internal sealed class UpstashUserTable() : VendorTable("upstash-redis-user")
{
    private readonly HashSet<string> _generated = new(StringComparer.Ordinal);

    public override JsonObject Settings => new() { ["user"] = "shop" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no such user", new() { ["user"] = "another" }), ("the user of all", new() { ["user"] = "default" })];

    /// <summary>Whether the user may PING.</summary>
    public bool Pings { get; set; } = true;

    /// <summary>Whether what a user has is told as a map (RESP3) and not as a list.</summary>
    public bool TellsMap { get; set; }

    protected override FakeReply Refused => Json(401, new { error = "WRONGPASS invalid or missing auth token" });

    protected override string NewId(int number) => $"hash-{number}";

    protected override void Draw()
    {
        On("POST /", request =>
        {
            request.Require(request.ContentType == "application/json", "another content type");
            var words = JsonNode.Parse(request.Body)!.AsArray().Select(word => (string)word!).ToList();
            request.Require(words.Count >= 3 && words[0] == "ACL", "another command");
            return words[1] switch
            {
                "GENTOKEN" when words.Count == 3 => Generated(),
                "GETUSER" when words.Count == 3 => User(words[2]),
                "SETUSER" when words[2] == "shop" => Set(request, words[3..]),
                _ => Json(400, new { error = "ERR syntax error" }),
            };
        });
        Try("GET /ping", (_, key) => key is null || Pings
            ? Json(200, new { result = "PONG" })
            : Json(400, new { error = "NOPERM this user has no permissions to run the 'ping' command" }));
    }

    private FakeReply Generated()
    {
        var token = $"token-{Guid.NewGuid():N}";
        _generated.Add(token);
        return Json(200, new { result = token });
    }

    private FakeReply User(string name)
    {
        if (name != "shop")
        {
            return Json(200, new { result = (string?)null });
        }

        JsonArray passwords = [.. Keys.Select(key => (JsonNode)Hash(key.Value))];
        return TellsMap
            ? Json(200, new { result = new { flags = new[] { "on" }, passwords, commands = "+@all" } })
            : Json(200, new { result = new JsonArray("flags", new JsonArray("on"), "passwords", passwords, "commands", "+@all") });
    }

    private FakeReply Set(FakeRequest request, IEnumerable<string> rules)
    {
        foreach (var rule in rules)
        {
            switch (rule[0])
            {
                case 'o':
                    request.Require(rule == "on", "another state");
                    break;
                case '>' when !_generated.Contains(rule[1..]):
                    return Json(400, new { error = "ERR passwords have to come from ACL GENTOKEN" });
                case '>':
                    Keys.RemoveAll(key => key.Value == rule[1..]);
                    Make(request, [], "");
                    Keys[^1] = Keys[^1] with { Value = rule[1..], Id = Hash(rule[1..]) };
                    break;
                case '<' or '!':
                    if (Keys.RemoveAll(key => key.Value == rule[1..] || Hash(key.Value) == rule[1..]) == 0)
                    {
                        return Json(400, new { error = "ERR Error in ACL SETUSER modifier: no such password" });
                    }

                    break;
                default:
                    request.Require(false, "a rule that changes what the user may do");
                    break;
            }
        }

        return Json(200, new { result = "OK" });
    }

    /// <summary>Not that of the token itself: Upstash does not say what it hashes.</summary>
    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"wrapped {token}")));

    protected override FakeKey Stand()
    {
        var stand = base.Stand();
        return stand with { Id = Hash(stand.Value) };
    }
}
