using System.Text.Json.Nodes;
using MongoDB.Bson;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.MongoDb;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.MongoDb;

/// <summary>Two users of a stand-in of a server, over its real protocol.</summary>
internal sealed class MongoEnvironment : ProviderEnvironment
{
    private const string OwnPassword = "rotunda-s-own-0123456789";

    public const string Idle = "orders,b=2";
    public const string Used = "orders_a";
    public const string InUsePassword = "in-use-0123456789abcdef";

    public MongoEnvironment()
    {
        Users.Add(new("rotunda", OwnPassword) { Actions = ["viewUser", "changePassword", "inprog"] });
        Users.Add(new("reader", OwnPassword));
        Users.Add(new(Used, InUsePassword));
        Users.Add(new(Idle, "nobody-s-0123456789"));
        Server = new(Users);
    }

    public FakeMongoUsers Users { get; } = new();

    public FakeMongo Server { get; }

    public override IProvider Provider { get; } = new MongoProvider();

    public override JsonObject Settings => new()
    {
        ["address"] = Server.Address,
        ["accounts"] = new JsonArray(Used, Idle),
        ["user"] = "rotunda",
        ["password"] = "env:MONGO",
        ["connectTimeout"] = "5s",
    };

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:MONGO"] = OwnPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
    };

    public override CredentialHandle Credential => new(Idle, Idle, null);

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With("password", "env:WRONG")),
        ("a reference to nothing", With("password", "env:MISSING")),
        ("a user that may not look", With("user", "reader")),
        ("a server that is not there", With("address", "mongodb://127.0.0.1:1/?directConnection=true", ("connectTimeout", "1s"))),
        ("one user twice", With("accounts", new JsonArray(Idle, Idle))),
        ("three users", With("accounts", new JsonArray("a", "b", "c"))),
        ("its own user", With("accounts", new JsonArray("rotunda", Used))),
        ("a login in the address", With("address", "mongodb+srv://me:mine@mongo.example")),
        ("an address without TLS", With("address", "mongodb://mongo.example")),
        ("TLS that trusts anybody", With("address", "mongodb+srv://mongo.example/?tlsInsecure=true")),
        ("no address", With("address", "mongo.example")),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new(
            "no right to set passwords",
            () => Users["rotunda"]!.Actions = ["viewUser"],
            () => Users["rotunda"]!.Actions = ["viewUser", "changePassword", "inprog"]),
        new("a server that is no primary", () => Server.IsSecondary = true, () => Server.IsSecondary = false),
        World("a role that the other lacks", user => user.Roles.Add(new BsonDocument { { "role", "read" }, { "db", "x" } })),
        World("another mechanism", user => user.Mechanisms = ["SCRAM-SHA-256"]),
        World("no mechanism that is tried", user => user.Mechanisms = ["SCRAM-SHA-1"]),
        World("a restriction", user => user.Restrictions =
            [new BsonDocument("clientSource", new BsonArray { "192.0.2.0/24" })]),
        new("a user gone", () => Users.Remove(Used), () => Users.Add(new(Used, InUsePassword))),
    ];

    public override Func<string, Task>? SetByHand => password =>
    {
        Users[Idle]!.Password = password;
        return Task.CompletedTask;
    };

    public override string? NoRights => "a login is all that is tried: the roles are compared with those of the user in use";

    public override string? NotTold => "a password that nobody knows looks like any other";

    public JsonObject With(string name, JsonNode? value, params (string Name, JsonNode? Value)[] more)
    {
        var settings = Settings;
        foreach (var (one, other) in more.Prepend((name, value)))
        {
            settings[one] = other?.DeepClone();
        }

        return settings;
    }

    /// <summary>A password that nobody knows is another one each time.</summary>
    public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', new[] { Used, Idle }.Select(name => Users[name])
        .Select(user => user is null ? "gone"
            : $"{user.Roles} {user.Restrictions} {user.Mechanisms} "
                + $"{(user.Password.All(char.IsAsciiHexDigitLower) ? "" : user.Password)}")));

    public override Task RemoveCredentialAsync()
    {
        Users.Remove(Idle);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Server.AssertClean();
        await base.DisposeAsync();
    }

    private BrokenWorld World(string what, Action<FakeMongoUser> change) =>
        new(what, () => change(Users[Idle]!), () => Users.Add(new(Idle, Users[Idle]!.Password)));
}
