using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.VaultDatabase;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.VaultDatabase;

/// <summary>One of the two kinds of roles, behind the fake Vault and before a real PostgreSQL.</summary>
internal sealed class VaultDatabaseEnvironment : VendorEnvironment
{
    private readonly PostgresCluster _cluster;
    private readonly bool _isStatic;
    private readonly string _auth;
    private IProvider _provider = null!;
    private string _inUse = "";

    private VaultDatabaseEnvironment(FakeVendor vendor, PostgresFixture fixture, bool isStatic, string auth)
        : base(vendor)
    {
        (_cluster, _isStatic, _auth) = (fixture.Cluster, isStatic, auth);
        Fake = new VaultDatabaseFake(vendor, fixture.Cluster, () => Held.GetUtcNow().AddMinutes(7), fixture.NewName("vault"));
        Reset();
    }

    public VaultDatabaseFake Fake { get; }

    public override IProvider Provider => _provider;

    public override string? InUse => _isStatic ? _inUse : null;

    public override CredentialHandle Credential => new("database/creds/orders/gone", "gone", null);

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["address"] = Vendor.Address,
                ["caFile"] = Vendor.AuthorityFile,
                ["databaseRole"] = "orders",
                ["verifyHost"] = _cluster.Host,
                ["verifyPort"] = _cluster.Port,
                ["sslMode"] = "disable",
                ["auth"] = _auth,
            };
            foreach (var (name, value) in _auth == "token"
                ? new JsonObject { ["token"] = "env:TOKEN" }
                : new JsonObject { ["roleId"] = VaultDatabaseFake.RoleId, ["secretId"] = "env:SECRET_ID" })
            {
                settings[name] = value!.DeepClone();
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:TOKEN"] = VaultDatabaseFake.Token,
        ["env:SECRET_ID"] = VaultDatabaseFake.SecretId,
        ["env:WRONG"] = "hvs.wrong-token-71ac2f",
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a token that is refused", With(("auth", "token"), ("token", "env:WRONG"))),
        ("a server that is not there", With(("address", "https://127.0.0.1:1"))),
        ("a role with its path", With(("databaseRole", "creds/orders"))),
        ("no role", With(("databaseRole", null))),
        ("a mount that leads elsewhere", With(("mount", "../sys"))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("another engine", () => Fake.Engine = "kv", () => Fake.Engine = "database"),
        new("a Vault that is sealed", () => Fake.Sealed = true, () => Fake.Sealed = false),
        new("a right that was taken away", () => Fake.Forbidden.Add(Right), () => Fake.Forbidden.Clear()),
        .. _isStatic
            ? []
            : new BrokenWorld[] { new("leases too short to be renewed", () => Fake.Ttl = 60, () => Fake.Ttl = 3600) },
    ];

    private string Right => _isStatic ? "database/rotate-role/orders" : "database/creds/orders";

    public static async Task<VaultDatabaseEnvironment> StartAsync(PostgresFixture fixture, bool isStatic, string auth = "token") =>
        new(await FakeVendor.StartAsync(https: true), fixture, isStatic, auth);

    public override void Reset()
    {
        Fake.Reset();
        _inUse = Fake.StaticPassword;
        // Forgets its logins.
        (_provider as IDisposable)?.Dispose();
        _provider = _isStatic ? new VaultStaticProvider() : new VaultLeaseProvider();
    }

    /// <summary>Whether there is a user, and whether the static password was changed: not how often, as what is lost ends by itself, or is
    /// replaced.</summary>
    public override Task<string> StateAsync() =>
        Task.FromResult($"{(Fake.Leases.Count > 0 ? "leased" : "nothing")}, {(Fake.StaticPassword == _inUse ? "as before" : "rotated")}");

    public JsonObject With(params (string Name, JsonNode? Value)[] changes)
    {
        var settings = Settings;
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings;
    }
}
