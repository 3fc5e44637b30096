using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Redis;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.Redis;

/// <summary>A primary and a replica, each with its users in a file of its own.</summary>
internal sealed class RedisEnvironment : ProviderEnvironment
{
    public const string User = "app";
    public const string FirstPassword = "the-first-password-of-app";
    private readonly Strategy _strategy;
    private RedisServer? _down;

    private RedisEnvironment(RedisServer primary, RedisServer replica, Strategy strategy) =>
        (Primary, Replica, _strategy) = (primary, replica, strategy);

    public RedisServer Primary { get; }

    public RedisServer Replica { get; }

    public override IProvider Provider { get; } = new RedisProvider();

    public override Strategy? Strategy => _strategy;

    public static async Task<RedisEnvironment> StartAsync(Strategy strategy = Rotation.Words.Strategy.Overlap, bool aclFile = true)
    {
        string[] users = [$"user {User} on >{FirstPassword} ~* +get +set"];
        var primary = await RedisServer.StartAsync(users, aclFile);
        var replica = await RedisServer.StartAsync(users, aclFile, primary);
        await primary.UntilAsync("state=online", "INFO", "replication");
        return new(primary, replica, strategy);
    }

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:ADMIN"] = RedisServer.AdminPassword,
        ["env:WRONG"] = "a-wrong-redis-password",
    };

    public override CredentialHandle Credential => new(null, null, "rotunda-conformance-1");

    public override Func<string, Task> SetByHand => async text =>
    {
        await Primary.RunAsync("ACL", "SETUSER", User, "resetpass", $">{text}");
        await Replica.RunAsync("ACL", "SETUSER", User, "resetpass", $">{text}");
    };

    public override string? NoRights => "both passwords are of one user";

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a node that is not there", With(new() { ["nodes"] = new JsonArray(Primary.Address, "127.0.0.1:1") })),
        ("a refused login", With(new() { ["adminPassword"] = "env:WRONG" })),
        ("a reference to nothing", With(new() { ["adminPassword"] = "env:MISSING" })),
        ("TLS that the nodes do not have", With(new() { ["tls"] = true })),
        ("an address that is none", With(new() { ["nodes"] = new JsonArray("redis://app:secret@h:1") })),
        ("an administrator who is the user", With(new() { ["adminUser"] = User })),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("a user who is off", () => SetAsync(User, "off"), () => SetAsync(User, "on")),
        new(
            "a user without any password",
            () => SetAsync(User, "nopass"),
            () => SetAsync(User, "resetpass", $">{FirstPassword}")),
        new(
            "an administrator who may not save",
            () => SetAsync(RedisServer.AdminUser, "-acl|save"),
            () => SetAsync(RedisServer.AdminUser, "+acl|save")),
        new("a node that is down", () => (_down = Replica).StopAsync(), () => Restart(Replica)),
    ];

    public override async Task<string> StateAsync() =>
        string.Join('\n', await Task.WhenAll(new[] { Primary, Replica }.Select(async node =>
            _down == node ? "down" : RedisServer.Flat(await node.RunAsync("ACL", "LIST")))));

    public override async Task RemoveCredentialAsync()
    {
        await Primary.RunAsync("ACL", "DELUSER", User);
        await Replica.RunAsync("ACL", "DELUSER", User);
    }

    public override async ValueTask DisposeAsync()
    {
        await Replica.DisposeAsync();
        await Primary.DisposeAsync();
        await base.DisposeAsync();
    }

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["nodes"] = new JsonArray(Primary.Address, Replica.Address),
            ["username"] = User,
            ["adminUser"] = RedisServer.AdminUser,
            ["adminPassword"] = "env:ADMIN",
            ["connectTimeout"] = "5s",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    private Task Restart(RedisServer node)
    {
        _down = null;
        return node.LaunchAsync();
    }

    private async Task SetAsync(string user, params string[] rules) => await Replica.RunAsync("ACL", ["SETUSER", user, .. rules]);
}
