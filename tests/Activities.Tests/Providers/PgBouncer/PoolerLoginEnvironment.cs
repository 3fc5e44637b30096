using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>A real pooler that enters a real server by a login of its own, whose accounts get each value before it is delivered.</summary>
internal sealed class PoolerLoginEnvironment : ProviderEnvironment
{
    public const string First = "first password, 'quoted' ; #1";

    private readonly string _kind;

    private PoolerLoginEnvironment(PostgresCluster cluster, PgBouncerServer pooler, string kind)
    {
        (Pooler, _kind) = (pooler, kind);
        Provider = new ServerFirst(cluster, new PoolerLoginProvider());
    }

    public PgBouncerServer Pooler { get; }

    public override IProvider Provider { get; }

    public override JsonObject Settings => With([]);

    /// <summary>What the ini has is a list of single values.</summary>
    public override bool TakesSecondary => false;

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:ADMIN"] = Pooler.AdminPassword, ["env:WRONG"] = "a-wrong-console-password" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a pooler that is not there", With(new() { ["poolers"] = new JsonArray("127.0.0.1:1") })),
        ("a console that refuses", With(new() { ["adminPassword"] = "env:WRONG" })),
        ("TLS that the pooler does not have", With(new() { ["sslMode"] = "require" })),
        ("a file that is not there", With(new() { ["path"] = Pooler.Ini + "-gone" })),
        ("an entry that is not there", With(new() { ["databases"] = new JsonArray("gone") })),
        ("no poolers", With(new() { ["poolers"] = new JsonArray() })),
        ("a userlist without users", With(new() { ["userlist"] = Pooler.UserList, ["users"] = new JsonArray() })),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        Edited("another login in the file than the pooler has", "app_a", "app_b"),
        Edited("a line that PgBouncer stops at", "[pgbouncer]", "[pgbouncer]\nno key at all"),
    ];

    public static async Task<PoolerLoginEnvironment> StartAsync(PostgresCluster cluster, string kind)
    {
        await cluster.ExecuteAsync(
            $"ALTER ROLE app_a LOGIN PASSWORD '{First.Replace("'", "''")}'; ALTER ROLE app_b NOLOGIN PASSWORD NULL; "
                + "ALTER ROLE app_trusted PASSWORD 'of-one-that-is-looked-up'; "
                + "GRANT EXECUTE ON FUNCTION public.pooler_lookup(text) TO app_a, app_b");
        var line = kind == "auth-user" ? "" : kind == "userlist" ? "user=app_a" : $"user=app_a password='{First.Replace("'", "''")}'";
        var more = kind == "auth-user"
            ? "auth_user = app_a\nauth_query = SELECT usename, passwd FROM public.pooler_lookup($1)"
            : "";
        var users = kind == "entry" ? "\"client\" \"client-password-0123\"\n" : $"\"app_a\" \"{First}\" ; ours\n";
        return new(cluster, await PgBouncerServer.StartAsync(cluster, users, new(DatabaseLine: line, More: more)), kind);
    }

    public override string NewValue(int number) => $" cAnary{number} it's 100%; #{Guid.NewGuid():N} \"zZ\\";

    public override async Task<string> StateAsync() =>
        await File.ReadAllTextAsync(Pooler.Ini) + await File.ReadAllTextAsync(Pooler.UserList);

    public override Task<string?> KeptAsync() =>
        Task.FromResult<string?>(KeptOnFile.Of(Pooler.Ini) + KeptOnFile.Of(Pooler.UserList));

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["path"] = Pooler.Ini,
            ["poolers"] = new JsonArray(Pooler.Address),
            ["adminUser"] = Pooler.AdminUser,
            ["adminPassword"] = "env:ADMIN",
        };
        if (_kind == "auth-user")
        {
            (settings["login"], settings["database"], settings["clientUser"]) = ("auth-user", "postgres", "app_trusted");
        }
        else
        {
            settings["databases"] = new JsonArray("postgres");
        }

        if (_kind != "entry")
        {
            (settings["userlist"], settings["users"]) = (Pooler.UserList, new JsonArray("app_a", "app_b"));
        }

        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public override async ValueTask DisposeAsync()
    {
        await Pooler.DisposeAsync();
        await base.DisposeAsync();
    }

    private BrokenWorld Edited(string what, string old, string now) => new(
        what,
        () => Edit(old, now),
        () => Edit(now, old));

    private void Edit(string old, string now) =>
        File.WriteAllText(Pooler.Ini, File.ReadAllText(Pooler.Ini).Replace(old, now, StringComparison.Ordinal));
}
