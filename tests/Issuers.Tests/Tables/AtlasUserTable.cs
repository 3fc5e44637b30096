using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Database-Users,
/// and the cluster that knows them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The cluster ends with the table's environment.")]
internal sealed class AtlasUserTable() : VendorTable("atlas-database-user")
{
    private const string Version = "application/vnd.atlas.2023-01-01+json";
    private const string Project = "32b6e34b3d91647abb20e7b8";
    private const string OwnAccount = "mdb_sa_id_abcdef1234567890abcdef12";
    private const string Session = "session-token-0123456789abcdef";
    private const string Place = $"/api/atlas/v2/groups/{Project}/databaseUsers";
    private FakeMongo? _cluster;

    public const string Idle = "orders_b";
    public const string InUse = "orders_a";

    public override bool Issues => false;

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new()
    {
        ["project"] = Project,
        ["accounts"] = new JsonArray(InUse, Idle),
        ["cluster"] = _cluster!.Address,
        ["clientId"] = OwnAccount,
        ["connectTimeout"] = "5s",
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("one user twice", new() { ["accounts"] = new JsonArray(InUse, InUse) }),
        ("users that are not there", new() { ["accounts"] = new JsonArray("nobody", "no_one") }),
        ("a user without a password", new() { ["accounts"] = new JsonArray(Idle, "by_certificate") }),
        ("a login in the address", new() { ["cluster"] = "mongodb+srv://me:mine@cluster0.example" }),
        ("an address without TLS", new() { ["cluster"] = "mongodb://cluster0.example" }),
        ("no address", new() { ["cluster"] = "cluster0.example" }),
    ];

    public override string[] Documents => ["mongodb-atlas.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /api/oauth/token"] = "the login: https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/",
        ["DELETE /api/atlas/v2/groups/{project}/databaseUsers/admin/{name}"] = "the document at hand leaves it out: "
            + "https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Database-Users/operation/deleteDatabaseUser",
    };

    public override CredentialHandle Credential => new(Idle, Idle, null);

    public override Action<string>? SetByHand => password => Set(Find(Idle)!, new() { ["password"] = password });

    public override string? NoRights => "a login is all that is tried: the roles are those of the user in use";

    public FakeMongo Cluster => _cluster!;

    protected override (string Name, string Value)[] Headers => [];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    public override async ValueTask CloseAsync()
    {
        _cluster!.AssertClean();
        await _cluster.DisposeAsync();
    }

    public FakeKey? Find(string name) => Keys.Find(key => key.Id == name);

    /// <summary>The one in use, and others of the project.</summary>
    protected override FakeKey Stand()
    {
        Keys.Add(User("somebody", new()));
        Keys.Add(User("by_certificate", new() { ["x509Type"] = "MANAGED" }));
        return User(InUse, new()
        {
            ["password"] = "in-use-0123456789abcdef",
            ["roles"] = new JsonArray(new JsonObject { ["databaseName"] = "orders", ["roleName"] = "readWrite" }),
            ["scopes"] = new JsonArray(new JsonObject { ["name"] = "cluster0", ["type"] = "CLUSTER" }),
            ["labels"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "orders" }),
        });
    }

    protected override void Draw()
    {
        _cluster = new(name => (string?)Find(name)?.More["password"]);
        Tokens("/api/oauth/token", OwnAccount, Session, null, inHeader: true);
        On($"GET {Place}", request =>
        {
            request.Require(Versioned(request).RequiredQuery("itemsPerPage") + request.RequiredQuery("pageNum") == "5001", "another page");
            return Json(200, new { results = Keys.Select(Shown), totalCount = Keys.Count });
        });
        On($"POST {Place}", request =>
        {
            var body = Read(request);
            var name = (string)body["username"]!;
            if (Find(name) is not null)
            {
                return Json(409, new { detail = "The specified username already exists.", errorCode = "USER_ALREADY_EXISTS", error = 409 });
            }

            Keys.Add(User(name, []));
            Set(Keys[^1], body);
            return FakeReply.Json(201, Shown(Keys[^1]));
        });
        On($"PATCH {Place}/admin/{{name}}", request =>
        {
            var body = Read(request);
            request.Require((string?)body["username"] == request.Part("name"), "another user");
            if (Find(request.Part("name")) is not { } user)
            {
                return NotFound;
            }

            Set(user, body);
            return FakeReply.Json(200, Shown(user));
        });
        On($"DELETE {Place}/admin/{{name}}", request => Remove(Versioned(request).Part("name"), FakeReply.Empty(204)));
    }

    private static FakeKey User(string name, JsonObject more) => new(name, name, "") { More = more };

    private static JsonObject Read(FakeRequest request)
    {
        request.Require(Versioned(request).ContentType == Version, "another content type");
        var body = request.Json("groupId", "databaseName", "username", "password", "roles", "scopes", "labels");
        request.Require((string?)body["groupId"] == Project && (string?)body["databaseName"] == "admin", "another place");
        return body;
    }

    private static void Set(FakeKey user, JsonObject body)
    {
        foreach (var name in new[] { "password", "roles", "scopes", "labels" }.Where(body.ContainsKey))
        {
            user.More[name] = body[name]!.DeepClone();
        }
    }

    private static FakeRequest Versioned(FakeRequest request)
    {
        request.RequireHeader("Accept", Version);
        return request;
    }

    private static JsonObject Shown(FakeKey user)
    {
        var shown = new JsonObject { ["username"] = user.Id, ["databaseName"] = "admin", ["x509Type"] = "NONE", ["awsIAMType"] = "NONE" };
        foreach (var (name, value) in user.More.Where(more => more.Key != "password"))
        {
            shown[name] = value!.DeepClone();
        }

        return shown;
    }
}
