using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>One user with two passwords, at a stand-in for MySQL.</summary>
internal sealed class MySqlPasswordEnvironment : ProviderEnvironment
{
    public const string User = "orders";
    public const string FirstPassword = "the-first-0123456789abcdef";
    private const string OwnPassword = "rotunda-s-own-0123456789";
    private const string ReaderPassword = "a-reader-s-own-0123456789";

    public MySqlPasswordEnvironment(string plugin = MySqlAccount.CachingSha2, string user = User)
    {
        Users.Add(new("rotunda") { Grants = [.. AllGrants] }, OwnPassword);
        Users.Add(new("reader"), ReaderPassword);
        Account = Users.Add(new(user) { Plugin = plugin }, FirstPassword);
        Server = new(Users);
    }

    public FakeMySqlUsers Users { get; } = new(Keep);

    public FakeMySqlAccount Account { get; private set; }

    public FakeMySql Server { get; }

    public override IProvider Provider { get; } = new MySqlPasswordProvider();

    public override Strategy? Strategy => Rotation.Words.Strategy.Overlap;

    public override JsonObject Settings => With();

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:MYSQL"] = OwnPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
        ["env:READER"] = ReaderPassword,
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With(("password", "env:WRONG"))),
        ("a reference to nothing", With(("password", "env:MISSING"))),
        ("a user without rights", With(("user", "reader"), ("password", "env:READER"))),
        ("a server that is not there", With(("port", 1), ("connectTimeout", "1s"))),
        ("its own user", With(("account", "rotunda"))),
        ("TLS that the server does not have", With(("sslMode", "required"))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("MySQL before dual passwords", () => Users.Version = "8.0.13", () => Users.Version = "8.0.36"),
        new("MySQL 5.7", () => Users.Version = "5.7.44", () => Users.Version = "8.0.36"),
        new("a server that is read-only", () => Users.IsReadOnly = true, () => Users.IsReadOnly = false),
        World("a Galera node that is not ready", "wsrep_ready", "OFF"),
        World("a Galera node without a primary component", "wsrep_cluster_status", "non-Primary"),
        World("a Galera node that keeps changes for itself", "wsrep_osu_method", "RSU"),
        new("a database that is not there", () => Account.Databases.Clear(), () => Account.Databases.Add("orders")),
        new("a locked user", () => Account.IsLocked = true, () => Account.IsLocked = false),
        new("a second factor", () => Account.NeedsSecondFactor = true, () => Account.NeedsSecondFactor = false),
        new("a certificate that is asked for", () => Account.TlsType = "X509", () => Account.TlsType = ""),
        new("TLS that is asked for", () => Account.TlsType = "ANY", () => Account.TlsType = ""),
        new(
            "a user of the system",
            () => Account.Grants.Add("GRANT SYSTEM_USER ON *.* TO {}"),
            () => Account.Grants.RemoveAt(Account.Grants.Count - 1)),
        new(
            "no right to set passwords",
            () => Users["rotunda"].Grants.RemoveAll(line => line.Contains("CREATE USER", StringComparison.Ordinal)),
            () => Users["rotunda"].Grants = [.. AllGrants]),
    ];

    public override IEnumerable<BrokenWorld> LackingRights =>
        [new("no right to the database", () => Account.Databases.Clear(), () => Account.Databases.Add("orders"))];

    /// <summary>As with a console: nothing is left of what was there.</summary>
    public override Func<string, Task>? SetByHand => password =>
    {
        (Account.First, Account.Second) = (Users.Keep(Account.Plugin, password), null);
        return Task.CompletedTask;
    };

    private BrokenWorld World(string what, string variable, string value) => new(
        what,
        () => (Users.Variables["wsrep_on"], Users.Variables[variable]) = ("ON", value),
        () => _ = Users.Variables.Remove("wsrep_on") && Users.Variables.Remove(variable));

    private static IEnumerable<string> AllGrants => ["GRANT CREATE USER, PROCESS ON *.* TO {}", "GRANT SELECT ON `mysql`.* TO {}"];

    /// <summary>What is kept of a password has a salt of its own each time, so a second look compares who is let in.</summary>
    public override Task<string> StateAsync() => Task.FromResult(
        $"{string.Join(' ', Account.Passwords)} {Account.Plugin} {Account.IsLocked} {Account.Second is null}");

    public override Task RemoveCredentialAsync()
    {
        Users.Remove(Account.User);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Server.AssertClean();
        await base.DisposeAsync();
    }

    public JsonObject With(params (string Name, JsonNode? Value)[] changes)
    {
        var settings = new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = Server.Port,
            ["user"] = "rotunda",
            ["password"] = "env:MYSQL",
            ["account"] = Account.User,
            ["database"] = "orders",
            ["connectTimeout"] = "20s",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    /// <summary>With a salt as MySQL makes it: ASCII, with quotes and control characters, without zeros and dollars.</summary>
    private static string Keep(string plugin, string password)
    {
        using var value = SecretValue.FromText(password);
        var salt = Guid.NewGuid().ToByteArray().Select(b => (byte)(b & 0x7f)).Select(b => b is 0 or (byte)'$' ? (byte)'\'' : b);
        return plugin == MySqlAccount.Native
            ? MySqlHashes.Native(value)
            : MySqlHashes.Sha2(value, [.. salt, 1, (byte)'\'', (byte)'\\', 127]);
    }
}
