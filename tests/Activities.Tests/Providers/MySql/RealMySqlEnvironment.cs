using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>One user of a real MySQL, with a database of its own; Rotunda has the rights that the page names, and no others.</summary>
internal sealed class RealMySqlEnvironment : ProviderEnvironment
{
    public const string FirstPassword = "the-first-0123456789abcdef";
    private const string ReaderPassword = "a-reader-s-password-0123456789";

    private RealMySqlEnvironment(RealMySqlFixture fixture, string plugin, string suffix)
    {
        (Server, Plugin) = (fixture.Server, plugin);
        (User, Reader) = (fixture.NewName() + suffix, fixture.NewName());
        Database = $"db_{Reader}";
    }

    public RealMySqlServer Server { get; }

    public string Plugin { get; }

    public string User { get; }

    /// <summary>A user that may look at nothing.</summary>
    public string Reader { get; }

    public string Database { get; }

    public override IProvider Provider { get; } = new MySqlPasswordProvider();

    public override Strategy? Strategy => Rotation.Words.Strategy.Overlap;

    public override JsonObject Settings => With();

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:MYSQL"] = Server.AdminPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
        ["env:READER"] = ReaderPassword,
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With(("password", "env:WRONG"))),
        ("a user without rights", With(("user", Reader), ("password", "env:READER"))),
        ("a server that is not there", With(("port", 1), ("connectTimeout", "1s"))),
        ("its own user", With(("account", MySqlFamilyServer.AdminUser))),
        ("an authority that did not sign", With(("sslMode", "verify-ca"), ("rootCertificate", "/etc/hostname"))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        World("a server that is read-only", "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"),
        World("no right to set passwords", $"REVOKE CREATE USER ON *.* FROM {Admin}", $"GRANT CREATE USER ON *.* TO {Admin}"),
        World("no right to read accounts", $"REVOKE SELECT ON mysql.* FROM {Admin}", $"GRANT SELECT ON mysql.* TO {Admin}"),
        World("a locked user", $"ALTER USER {Of(User)} ACCOUNT LOCK", $"ALTER USER {Of(User)} ACCOUNT UNLOCK"),
        World("a certificate that is asked for", $"ALTER USER {Of(User)} REQUIRE X509", $"ALTER USER {Of(User)} REQUIRE NONE"),
        World("a user of the system", $"GRANT SYSTEM_USER ON *.* TO {Of(User)}", $"REVOKE SYSTEM_USER ON *.* FROM {Of(User)}"),
        World("an account elsewhere", $"CREATE USER {Of(User, "10.0.0.1")}", $"DROP USER {Of(User, "10.0.0.1")}"),
        World("an account without a name that comes first", "CREATE USER ''@'127.0.0.1'", "DROP USER ''@'127.0.0.1'"),
        World("a user gone", $"RENAME USER {Of(User)} TO gone", $"RENAME USER gone TO {Of(User)}"),
    ];

    public override IEnumerable<BrokenWorld> LackingRights =>
    [
        World(
            "no right to the database",
            $"REVOKE ALL PRIVILEGES ON `{Database}`.* FROM {Of(User)}",
            $"GRANT SELECT, INSERT ON `{Database}`.* TO {Of(User)}"),
    ];

    /// <summary>As with a console, by who leaves no second one.</summary>
    public override Func<string, Task>? SetByHand => password => Server.RunAsync(
        $"ALTER USER {Of(User)} IDENTIFIED BY '{password}'", $"ALTER USER {Of(User)} DISCARD OLD PASSWORD");

    private static string Admin => $"{MySqlFamilyServer.AdminUser}@'127.0.0.1'";

    /// <param name="suffix">Of the user's name.</param>
    public static async Task<RealMySqlEnvironment> StartAsync(
        RealMySqlFixture fixture,
        string plugin = MySqlAccount.CachingSha2,
        string suffix = "")
    {
        var made = new RealMySqlEnvironment(fixture, plugin, suffix);
        await made.Server.RunAsync(
            $"CREATE DATABASE `{made.Database}`",
            $"CREATE USER {Of(made.Reader)} IDENTIFIED BY '{ReaderPassword}'",
            $"CREATE USER {Of(made.User)} IDENTIFIED WITH {plugin} BY '{FirstPassword}'",
            $"GRANT SELECT, INSERT ON `{made.Database}`.* TO {Of(made.User)}");
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
            ["account"] = User,
            ["database"] = Database,
            ["connectTimeout"] = "20s",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public async Task<StepOutcome> ApplyAsync(string text, string? current, JsonObject? settings = null)
    {
        using var value = SecretValue.FromText(text);
        using var before = current is null ? null : SecretValue.FromText(current);
        return await ((IApplyValues)Provider).ApplyAsync(Call(settings: settings), Credential, value, before, default);
    }

    public async Task<StepOutcome> EndAsync(string text, JsonObject? settings = null, string step = "")
    {
        using var value = SecretValue.FromText(text);
        return await ((IRevokeByValue)Provider).RevokeAsync(Call(settings: settings) with { Step = step }, Credential, value, default);
    }

    public async Task<Validity> TryAsync(string text, JsonObject? settings = null)
    {
        using var value = SecretValue.FromText(text);
        return (await ((IVerifyCredentials)Provider).VerifyAsync(Call(settings: settings), Credential, value, default)).Validity;
    }

    public async Task<bool> HasSecondAsync() => (await Server.AskAsync(
        $"SELECT COUNT(*) FROM mysql.user WHERE User = {Quoted} AND User_attributes->>'$.additional_password' IS NOT NULL"))[0] == "1";

    public override async Task<string> StateAsync() => string.Join('\n', await Server.AskAsync(
        "SELECT User, Host, plugin, account_locked, ssl_type, HEX(authentication_string), User_attributes FROM mysql.user "
            + $"WHERE User = {Quoted} OR User = '{MySqlFamilyServer.AdminUser}' ORDER BY 1, 2"));

    public override Task RemoveCredentialAsync() => Server.RunAsync($"DROP USER {Of(User)}");

    private string Quoted => $"'{User.Replace("\\", "\\\\").Replace("'", "''")}'";

    private BrokenWorld World(string what, string breakIt, string mendIt) =>
        new(what, () => Server.RunAsync(breakIt), () => Server.RunAsync(mendIt));
}
