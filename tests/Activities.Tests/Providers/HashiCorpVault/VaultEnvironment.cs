using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.HashiCorpVault;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.HashiCorpVault;

internal sealed class VaultEnvironment : VendorEnvironment
{
    private readonly string _auth;
    private VaultProvider _provider;

    private VaultEnvironment(FakeVendor vendor, string auth)
        : base(vendor)
    {
        (_auth, Fake) = (auth, new VaultFake(vendor, auth == "token" ? null : "team-a"));
        _provider = new VaultProvider();
        Reset();
    }

    public VaultFake Fake { get; }

    public override IProvider Provider => _provider;

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["address"] = Vendor.Address,
                ["caFile"] = Vendor.AuthorityFile,
                ["mount"] = VaultFake.Mount,
                ["prefix"] = "apps/rotunda",
                ["path"] = "apps/orders",
                ["keys"] = new JsonObject { ["KEY"] = "{value}", ["PAIR"] = "{username}:{value}/{secondary}" },
                ["auth"] = _auth,
            };
            var login = _auth switch
            {
                "approle" => new JsonObject { ["namespace"] = "team-a", ["roleId"] = VaultFake.RoleId, ["secretId"] = "env:SECRET_ID" },
                "kubernetes" =>
                    new JsonObject
                    {
                        ["namespace"] = "team-a",
                        ["authMount"] = "cluster",
                        ["role"] = "rotunda",
                        ["serviceAccountToken"] = "env:JWT",
                    },
                _ => new JsonObject { ["token"] = "env:TOKEN" },
            };
            foreach (var (name, value) in login)
            {
                settings[name] = value!.DeepClone();
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:TOKEN"] = VaultFake.Token,
        ["env:SECRET_ID"] = VaultFake.SecretId,
        ["env:JWT"] = VaultFake.Jwt,
        ["env:WRONG"] = "hvs.wrong-token-71ac2f",
        ["env:UNSENDABLE"] = "hvs.with\na-line-break",
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a token that is refused", With(("auth", "token"), ("token", "env:WRONG"))),
        ("a token that cannot be sent", With(("auth", "token"), ("token", "env:UNSENDABLE"))),
        (
            "a secret id that is refused",
            With(("auth", "approle"), ("authMount", "approle"), ("roleId", VaultFake.RoleId), ("secretId", "env:WRONG"))),
        ("a server that is not there", With(("address", "https://127.0.0.1:1"))),
        ("an address that is none", With(("address", "vault"))),
        ("authorities that are not there", With(("caFile", "/nowhere/ca.pem"))),
        ("no path", With(("path", null))),
        ("a path that leads elsewhere", With(("path", "../x"))),
        ("an unknown placeholder", With(("keys", new JsonObject { ["KEY"] = "{nothing}" }))),
        ("no keys", With(("keys", null))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("a KV engine of version 1", () => Fake.EngineVersion = "1", () => Fake.EngineVersion = "2"),
        new("another engine", () => Fake.Engine = "cubbyhole", () => Fake.Engine = "kv"),
        new("a mount that begins earlier", () => Fake.MountedAt = "team", () => Fake.MountedAt = VaultFake.Mount),
        new(
            "a right that was taken away",
            () => Fake.Forbidden.Add($"update {VaultFake.Mount}/data/apps/orders"),
            () => Fake.Forbidden.Clear()),
    ];

    public static async Task<VaultEnvironment> StartAsync(string auth = "token") => new(await FakeVendor.StartAsync(https: true), auth);

    public override void Reset()
    {
        Fake.Reset();
        Fake.Put("apps/orders", new JsonObject { ["OTHER"] = "theirs", ["PAIR"] = "before", ["PORT"] = 5432 });
        // Forgets its logins.
        _provider.Dispose();
        _provider = new VaultProvider();
    }

    /// <summary>What readers get, what is kept as pending, and whether anything else can still be brought back.</summary>
    public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', Fake.Secrets.Select(pair =>
        $"{pair.Key} {Sorted(Fake.Reader(pair.Key))} {Sorted(pair.Value.Custom)} {Recoverable(pair.Key, pair.Value)}")));

    public JsonObject With(params (string Name, JsonNode? Value)[] changes)
    {
        var settings = Settings;
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>How many versions of one of Rotunda's own secrets can still be brought back.</summary>
    private static string Recoverable(string path, KvSecret secret) =>
        path.StartsWith("apps/rotunda", StringComparison.Ordinal) ? $"{secret.Versions.Count(v => !v.Value.Destroyed)}" : "";

    private static string Sorted(JsonObject? data) =>
        data is null
            ? "-"
            : string.Join(',', data.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value?.ToJsonString()}"));
}
