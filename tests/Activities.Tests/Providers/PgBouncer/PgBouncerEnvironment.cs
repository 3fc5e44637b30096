using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>A real pooler before a real server, whose accounts get each value before it is delivered, as in a rotation.</summary>
internal sealed class PgBouncerEnvironment : ProviderEnvironment
{
    private readonly PgBouncerServer _pooler;
    private readonly string _mode;
    private readonly JsonObject _more;

    private PgBouncerEnvironment(PostgresCluster cluster, PgBouncerServer pooler, string mode, JsonObject more)
    {
        (_pooler, _mode, _more) = (pooler, mode, more);
        Provider = new ServerFirst(cluster, new PgBouncerProvider());
    }

    public static async Task<PgBouncerEnvironment> StartAsync(
        PostgresCluster cluster,
        string mode,
        string users = "",
        JsonObject? more = null) =>
        new(
            cluster,
            mode == "userlist"
                ? await PgBouncerServer.StartAsync(cluster, users)
                : await PgBouncerServer.StartAsync(
                    cluster,
                    $"\"pooler\" \"{PgBouncerFixture.LookupPassword}\"\n",
                    PgBouncerOptions.AskingTheServer),
            mode,
            more ?? []);

    public override IProvider Provider { get; }

    public PgBouncerServer Pooler => _pooler;

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:ADMIN"] = _pooler.AdminPassword, ["env:WRONG"] = "a-wrong-console-password" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a pooler that is not there", With(new() { ["poolers"] = new JsonArray("127.0.0.1:1") })),
        ("a console that refuses", With(new() { ["adminPassword"] = "env:WRONG", ["reconnect"] = true })),
        ("TLS that the pooler does not have", With(new() { ["sslMode"] = "require", ["reconnect"] = true })),
        ("an address that is none", With(new() { ["poolers"] = new JsonArray("127.0.0.1") })),
        ("a reference to nothing", With(new() { ["adminPassword"] = "env:MISSING", ["reconnect"] = true })),
    ];

    public override Task<string?> KeptAsync() => Task.FromResult<string?>(KeptOnFile.Of(_pooler.UserList));

    public override Task<string> StateAsync() => File.ReadAllTextAsync(_pooler.UserList);

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["mode"] = _mode,
            ["path"] = _pooler.UserList,
            ["users"] = new JsonArray("app_a", "app_b"),
            ["poolers"] = new JsonArray(_pooler.Address),
            ["adminUser"] = _pooler.AdminUser,
            ["adminPassword"] = "env:ADMIN",
            ["database"] = "postgres",
        };
        foreach (var (name, value) in _more.Concat(changes))
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public override async ValueTask DisposeAsync()
    {
        await _pooler.DisposeAsync();
        await base.DisposeAsync();
    }
}
