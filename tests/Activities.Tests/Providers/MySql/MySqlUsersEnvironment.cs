using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Two users of a real MariaDB or MySQL, one in use and one locked, with a database of their own.</summary>
internal sealed class MySqlUsersEnvironment : ProviderEnvironment
{
    public const string InUsePassword = "in-use-0123456789abcdef";
    private const string ReaderPassword = "a-reader-s-password-0123456789";
    private readonly JsonObject _more;
    private bool _down;

    private MySqlUsersEnvironment(MySqlFamilyServer server, Func<string> newName, JsonObject more, string suffix)
    {
        (Server, _more) = (server, more);
        (Idle, Used, Reader) = (newName() + suffix, newName() + suffix, newName());
        Database = $"db_{Reader}";
    }

    public MySqlFamilyServer Server { get; }

    public string Idle { get; }

    public string Used { get; }

    /// <summary>A user that may look at nothing.</summary>
    public string Reader { get; }

    public string Database { get; }

    public override IProvider Provider { get; } = new MySqlUsersProvider();

    public override JsonObject Settings => With();

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:MYSQL"] = Server.AdminPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
        ["env:READER"] = ReaderPassword,
        ["env:URL"] = $"mariadb://{MySqlFamilyServer.AdminUser}:{Server.AdminPassword}@127.0.0.1:{Server.Port}?sslmode=required",
        ["env:WORDS"] = $"Server=127.0.0.1;Port={Server.Port};User ID={MySqlFamilyServer.AdminUser};Password={Server.AdminPassword}",
        ["env:NONSENSE"] = "Server=127.0.0.1;Sesame=open-0123456789",
    };

    public override CredentialHandle Credential => new(Idle, Idle, null);

    public CredentialHandle InUseCredential => new(Used, Used, null);

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With(("password", "env:WRONG"))),
        ("a reference to nothing", With(("password", "env:MISSING"))),
        ("a user without rights", With(("user", Reader), ("password", "env:READER"))),
        ("a server that is not there", With(("port", 1), ("connectTimeout", "1s"))),
        ("no server", With(("host", null))),
        ("one user twice", With(("accounts", new JsonArray(Idle, Idle)))),
        ("three users", With(("accounts", new JsonArray("a", "b", "c")))),
        ("users with hosts", With(("accounts", new JsonArray("a@%", "b@%")))),
        ("its own user", With(("accounts", new JsonArray(MySqlFamilyServer.AdminUser, Used)))),
        ("a host that is none", With(("hosts", new JsonArray("10.0.*")))),
        ("one host twice", With(("hosts", new JsonArray("%", "%")))),
        ("a place that is none", With(("verifyAt", new JsonArray("replica")))),
        ("a connection that is none", With(("connection", "env:NONSENSE"))),
        ("an authority that is not there", With(("sslMode", "verify-ca"), ("rootCertificate", "/nowhere/authority.pem"))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        World("a server that is read-only", "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"),
        World("no right to set passwords", $"REVOKE CREATE USER ON *.* FROM {Admin}", $"GRANT CREATE USER ON *.* TO {Admin}"),
        World("no right to read accounts", $"REVOKE SELECT ON mysql.* FROM {Admin}", $"GRANT SELECT ON mysql.* TO {Admin}"),
        World(
            "a right that the idle user lacks",
            $"GRANT DELETE ON `{Database}`.* TO {Of(Used)}",
            $"REVOKE DELETE ON `{Database}`.* FROM {Of(Used)}"),
        World("an option that the idle user lacks", $"ALTER USER {Of(Used)} REQUIRE SSL", $"ALTER USER {Of(Used)} REQUIRE NONE"),
        World("an account elsewhere", $"CREATE USER {Of(Idle, "10.0.0.1")}", $"DROP USER {Of(Idle, "10.0.0.1")}"),
        World("an account without a name that comes first", "CREATE USER ''@'127.0.0.1'", "DROP USER ''@'127.0.0.1'"),
        World("a user gone", $"RENAME USER {Of(Idle)} TO gone", $"RENAME USER gone TO {Of(Idle)}"),
        World(
            "users who need certificates",
            $"ALTER USER {Of(Idle)}, {Of(Used)} REQUIRE X509",
            $"ALTER USER {Of(Idle)}, {Of(Used)} REQUIRE NONE"),
        .. Server is MariaDbServer ? OfMariaDb : OfMySql,
    ];

    private IEnumerable<BrokenWorld> OfMariaDb =>
    [
        World("a user who needs no password", $"ALTER USER {Of(Idle)} IDENTIFIED VIA unix_socket", Again(Idle)),
        World(
            "a user with two ways in",
            $"ALTER USER {Of(Idle)} IDENTIFIED VIA mysql_native_password USING PASSWORD('x') OR unix_socket",
            Again(Idle)),
        new("the server stopped", StopAsync, LaunchAsync),
    ];

    private IEnumerable<BrokenWorld> OfMySql =>
    [
        World(
            "a second password, which a new first one leaves as it is",
            $"ALTER USER {Of(Idle)} IDENTIFIED BY 'x-0123456789' RETAIN CURRENT PASSWORD",
            $"ALTER USER {Of(Idle)} DISCARD OLD PASSWORD"),
        World(
            "a user of the system",
            $"GRANT SYSTEM_USER ON *.* TO {Of(Idle)}, {Of(Used)}",
            $"REVOKE SYSTEM_USER ON *.* FROM {Of(Idle)}, {Of(Used)}"),
    ];

    public override IEnumerable<BrokenWorld> LackingRights =>
    [
        World(
            "no right to the database",
            $"REVOKE ALL PRIVILEGES ON `{Database}`.* FROM {Of(Idle)}",
            $"GRANT SELECT, INSERT ON `{Database}`.* TO {Of(Idle)}"),
    ];

    public override Func<string, Task>? SetByHand => password =>
        Server.RunAsync($"ALTER USER {Of(Idle)} IDENTIFIED BY '{password}'");

    private static string Admin => $"{MySqlFamilyServer.AdminUser}@'127.0.0.1'";

    /// <param name="more">Of the settings.</param>
    /// <param name="suffix">Of the users' names.</param>
    /// <param name="hosts">Of their accounts.</param>
    public static Task<MySqlUsersEnvironment> StartAsync(
        MariaDbFixture fixture,
        JsonObject? more = null,
        string suffix = "",
        params string[] hosts) => StartAsync(new MySqlUsersEnvironment(fixture.Server, fixture.NewName, more ?? [], suffix), hosts);

    /// <summary>With PROCESS, which is not for one user with two passwords.</summary>
    public static async Task<MySqlUsersEnvironment> StartAsync(RealMySqlFixture fixture)
    {
        await fixture.Server.RunAsync($"GRANT PROCESS ON *.* TO {Admin}");
        return await StartAsync(new MySqlUsersEnvironment(fixture.Server, fixture.NewName, [], ""), []);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Server is RealMySqlServer)
        {
            await Server.RunAsync($"REVOKE PROCESS ON *.* FROM {Admin}");
        }

        await base.DisposeAsync();
    }

    private static async Task<MySqlUsersEnvironment> StartAsync(MySqlUsersEnvironment made, string[] hosts)
    {
        await made.Server.RunAsync(
        [
            $"CREATE DATABASE `{made.Database}`",
            $"CREATE USER {Of(made.Reader)} IDENTIFIED BY '{ReaderPassword}'",
            .. (hosts.Length == 0 ? ["%"] : hosts).SelectMany(host => new[] { made.Used, made.Idle }.SelectMany(user => new[]
            {
                $"CREATE USER {Of(user, host)} IDENTIFIED BY '{InUsePassword}'{(user == made.Idle ? " ACCOUNT LOCK" : "")}",
                $"GRANT SELECT, INSERT ON `{made.Database}`.* TO {Of(user, host)}",
            })),
        ]);
        return made;
    }

    /// <summary>In backticks; the session of the tests has the server's own sql_mode.</summary>
    public static string Of(string user, string host = "%") => MySqlText.Account(user, host);

    public JsonObject With(params (string Name, JsonNode? Value)[] changes)
    {
        var settings = new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = Server.Port,
            ["user"] = MySqlFamilyServer.AdminUser,
            ["password"] = "env:MYSQL",
            ["accounts"] = new JsonArray(Idle, Used),
            ["database"] = Database,
            ["connectTimeout"] = "20s",
        };
        foreach (var (name, value) in _more.Select(one => (one.Key, one.Value)).Concat(changes))
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public async Task<StepOutcome> ApplyAsync(string text)
    {
        using var value = SecretValue.FromText(text);
        return await ((IApplyValues)Provider).ApplyAsync(Call(), Credential, value, null, default);
    }

    public async Task<Validity> TryAsync(CredentialHandle user, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await ((IVerifyCredentials)Provider).VerifyAsync(Call(), user, value, default)).Validity;
    }

    /// <summary>All but the moment of the last change, and what MySQL keeps of a password: it has a salt of its own each time.</summary>
    public override async Task<string> StateAsync() => _down ? "down" : string.Join('\n', await Server.AskAsync(
        (Server is MariaDbServer ? "SELECT User, Host, JSON_REMOVE(Priv, '$.password_last_changed') FROM mysql.global_priv "
            : "SELECT User, Host, account_locked, ssl_type, plugin, User_attributes FROM mysql.user ")
            + $"WHERE User LIKE 'app\\_%' OR User = '{MySqlFamilyServer.AdminUser}' ORDER BY 1, 2"));

    public override Task RemoveCredentialAsync() => Server.RunAsync($"DROP USER {Of(Idle)}");

    private Task StopAsync()
    {
        _down = true;
        return Server.StopAsync();
    }

    private async Task LaunchAsync()
    {
        await Server.LaunchAsync();
        _down = false;
    }

    private BrokenWorld World(string what, string breakIt, string mendIt) =>
        new(what, () => Server.RunAsync(breakIt), () => Server.RunAsync(mendIt));

    private static string Again(string user) =>
        $"ALTER USER {Of(user)} IDENTIFIED VIA mysql_native_password USING PASSWORD('{InUsePassword}')";
}
