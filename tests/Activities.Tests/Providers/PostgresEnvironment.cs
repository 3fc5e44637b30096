using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Two accounts of a real server.</summary>
/// <param name="admin">The administrator's connection.</param>
/// <param name="name">Of the first account; the second's begins with it.</param>
internal sealed class PostgresEnvironment(PostgresCluster cluster, string admin, string name, string lockRetired) : ProviderEnvironment
{
    private readonly string _a = name;
    private readonly string _b = name + "_b";

    public override IProvider Provider { get; } = new PostgresProvider();

    /// <summary>Settings besides the usual ones.</summary>
    public JsonObject More { get; init; } = [];

    public override JsonObject Settings
    {
        get
        {
            var settings = Usual;
            foreach (var (name, value) in More)
            {
                settings[name] = value?.DeepClone();
            }

            return settings;
        }
    }

    private JsonObject Usual => new()
    {
        ["connection"] = "env:ADMIN",
        ["accounts"] = new JsonArray(_a, _b),
        ["createAccounts"] = true,
        ["endSessions"] = true,
        ["lockRetired"] = lockRetired,
        ["verifySql"] = "SELECT count(*) FROM public.conform_used",
    };

    public override Func<string, Task> SetByHand =>
        text => cluster.ExecuteAsync($"ALTER ROLE {_a} LOGIN PASSWORD '{text}'");

    public override IEnumerable<BrokenWorld> LackingRights =>
    [
        new(
            "a table that nobody may read any more",
            () => cluster.ExecuteAsync("REVOKE SELECT ON public.conform_used FROM PUBLIC"),
            () => cluster.ExecuteAsync("GRANT SELECT ON public.conform_used TO PUBLIC")),
        new(
            "a table that was renamed",
            () => cluster.ExecuteAsync("ALTER TABLE public.conform_used RENAME TO conform_gone"),
            () => cluster.ExecuteAsync("ALTER TABLE public.conform_gone RENAME TO conform_used")),
    ];

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:ADMIN"] = admin,
        ["env:WRONG"] = "a-wrong-admin-password",
        ["env:UNREADABLE"] = "Host=h;Password=unreadable-password;x",
        ["env:NOWHERE"] = "postgresql://nobody:unreachable-password@127.0.0.1:1/x",
    };

    public override CredentialHandle Credential => new(_a, _a, "rotunda-conformance-1");

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a refused login", new()
        {
            ["host"] = cluster.Host,
            ["port"] = cluster.Port,
            ["user"] = cluster.AdminUser,
            ["password"] = "env:WRONG",
            ["accounts"] = new JsonArray(_a, _b),
        }),
        ("a server that is not there", new() { ["connection"] = "env:NOWHERE", ["accounts"] = new JsonArray(_a, _b) }),
        ("a connection that cannot be read", new() { ["connection"] = "env:UNREADABLE", ["accounts"] = new JsonArray(_a, _b) }),
        ("a reference to nothing", new() { ["connection"] = "env:MISSING", ["accounts"] = new JsonArray(_a, _b) }),
        (
            "TLS that the server does not have",
            new() { ["connection"] = "env:ADMIN", ["sslMode"] = "verify-full", ["accounts"] = new JsonArray(_a, _b) }),
        ("no accounts", new() { ["connection"] = "env:ADMIN" }),
    ];

    public override async Task<string> StateAsync() =>
        await cluster.ScalarAsync<string>(
            "SELECT string_agg(rolname || rolcanlogin || coalesce(rolvaliduntil::text, ''), ' ' ORDER BY rolname) FROM pg_roles "
                + $"WHERE rolname IN ('{_a}', '{_b}')")
            ?? "";

    public override Task RemoveCredentialAsync() => cluster.ExecuteAsync($"DROP ROLE {_a}");
}
