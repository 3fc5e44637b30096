using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>Two logins of a stand-in, on one instance or on the two of an availability group, over its real protocol.</summary>
internal class SqlServerEnvironment : ProviderEnvironment
{
    protected const string OwnPassword = "rotunda-s-own-0123456789";

    public const string Own = "rotunda";
    public const string Idle = "orders]'b";
    public const string Used = "orders_a";
    public const string InUsePassword = "in-use-0123456789abcdef";
    protected const string IdleSid = "0xB0B0";
    private const string UsedSid = "0xA0A0";
    private const string Reader = "reader";

    public SqlServerEnvironment(int instances = 1)
    {
        for (var i = 1; i <= instances; i++)
        {
            var world = new SqlWorld($"SQL{i}") { HasGroups = instances > 1 };
            world.Server = new(world);
            Fill(world);
            Worlds.Add(world);
        }

        Group();
    }

    public List<SqlWorld> Worlds { get; } = [];

    public SqlWorld World => Worlds[0];

    public SqlWorldLogin IdleLogin => World.Logins[Idle];

    public override IProvider Provider { get; } = new SqlServerProvider();

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["server"] = World.Server.Address,
                ["logins"] = new JsonArray(Used, Idle),
                ["database"] = "orders",
                ["user"] = Own,
                ["password"] = "env:SQL",
                ["encrypt"] = "optional",
                ["connectTimeout"] = "5s",
            };
            if (Worlds.Count > 1)
            {
                settings["replicas"] = new JsonArray([.. Worlds.Select(world => (JsonNode)world.Server.Address)]);
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:SQL"] = OwnPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
    };

    public override CredentialHandle Credential => new(Idle, Idle, null);

    public CredentialHandle InUseCredential => new(Used, Used, null);

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With("password", "env:WRONG")),
        ("a reference to nothing", With("password", "env:MISSING")),
        ("a login that may not do it", With("user", Reader)),
        ("a server that is not there", With("server", "127.0.0.1,1", ("connectTimeout", "1s"), ("replicas", null))),
        ("one login twice", With("logins", new JsonArray(Idle, Idle))),
        ("three logins", With("logins", new JsonArray("a", "b", "c"))),
        ("its own login", With("logins", new JsonArray(Own, Used))),
        ("a server that only speaks without TLS", With("encrypt", "mandatory")),
        ("a server elsewhere without TLS", With("server", "sql.example.com")),
        ("no address", With("server", @"\\.\pipe\sql\query")),
        ("a certificate that is not there", With("encrypt", "mandatory", ("serverCertificate", "/nowhere/server.pem"))),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        Login("no right to set passwords", Own, login => login.Rights.RemoveAll(right => right[2] == "ALTER ANY LOGIN")),
        Login("no sight of what others have", Own, login => login.Rights.RemoveAll(right => right[2] == "VIEW ANY DEFINITION")),
        new("a database that cannot be looked into", () =>
            World.Logins[Own].Rights.RemoveAll(right => right[2] == "CONNECT ANY DATABASE"), Mend),
        Login("a role of the server that the other lacks", Used, login => login.Rights.Add(["role", "", "processadmin", ""])),
        Login("a permission on the server that the other lacks", Idle, login =>
            login.Rights.Add(["permission", "GRANT", "VIEW SERVER STATE", ""])),
        Login("a login that only CONTROL SERVER may change", Idle, login => login.Rights.Add(["role", "", "sysadmin", ""])),
        Login("another default database", Idle, login => login.Database = "msdb"),
        Login("another language", Idle, login => login.Language = "Deutsch"),
        new("a login gone", () => World.Logins.Remove(Idle), Mend),
        new("no user in a database", () => World.Databases["orders"].Users.RemoveAll(user => user.Sid == IdleSid), Mend),
        new("an orphaned user", () => World.Databases["orders"].Of(IdleSid)!.Sid = "0xDEAD", Mend),
        new("a role in a database that the other lacks", () => Orders(Used).Rights.Add(["role", "", "db_datawriter", ""]), Mend),
        new("a permission that the other lacks", () =>
            Orders(Used).Rights.Add(["permission", "GRANT", "SELECT", "OBJECT::[dbo].[orders]"]), Mend),
        new("another default schema", () => Orders(Idle).Schema = "sales", Mend),
        new("a login that owns a database", () => World.Databases["orders"].OwnerSid = IdleSid, Mend),
        new("a database that is not there", () => World.Databases.Remove("orders"), Mend),
        new("a service without logins", () => World.Edition = 5, Mend),
    ];

    public override IEnumerable<BrokenWorld> LackingRights =>
        [new("a database that it may not enter", () => Orders(Idle).Rights.RemoveAll(right => right[2] == "CONNECT"), Mend)];

    public override Func<string, Task>? SetByHand => password =>
    {
        foreach (var world in Worlds)
        {
            world.Logins[Idle].Password = password;
        }

        return Task.CompletedTask;
    };

    public SqlWorldUser Orders(string name) => World.Databases["orders"].Users.Single(user => user.Name == name);

    public JsonObject With(string name, JsonNode? value, params (string Name, JsonNode? Value)[] more)
    {
        var settings = Settings;
        foreach (var (one, other) in more.Prepend((name, value)))
        {
            settings[one] = other?.DeepClone();
            if (other is null)
            {
                settings.Remove(one);
            }
        }

        return settings;
    }

    public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', Worlds.Select(StateOf)));

    public override Task RemoveCredentialAsync()
    {
        foreach (var world in Worlds)
        {
            world.Logins.Remove(Idle);
        }

        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var world in Worlds)
        {
            await world.Server.DisposeAsync();
            world.Server.AssertClean();
        }

        await base.DisposeAsync();
    }

    /// <summary>Makes rights, users and the instance as they were; passwords and locks stay.</summary>
    public virtual void Mend()
    {
        foreach (var world in Worlds)
        {
            var (idle, used) = (world.Logins.GetValueOrDefault(Idle), world.Logins[Used]);
            world.Edition = 3;
            Fill(world);
            (world.Logins[Used].Password, world.Logins[Used].IsDisabled) = (used.Password, used.IsDisabled);
            if (idle is not null)
            {
                (world.Logins[Idle].Password, world.Logins[Idle].IsDisabled) = (idle.Password, idle.IsDisabled);
            }
        }

        Group();
    }

    private void Group() =>
        Worlds.ForEach(world => world.Databases["orders"].Replicas = Worlds.Count > 1 ? [.. Worlds.Select(one => one.Name)] : []);

    private static void Fill(SqlWorld world)
    {
        world.Logins[Own] = new(Own, OwnPassword, "0x0A")
        {
            Rights = [.. new[] { "CONNECT SQL", "ALTER ANY LOGIN", "VIEW ANY DEFINITION", "CONNECT ANY DATABASE", "VIEW SERVER STATE",
                "ALTER ANY CONNECTION" }.Select(one => (string[])["permission", "GRANT", one, ""])],
        };
        world.Logins[Reader] = new(Reader, OwnPassword, "0x0B");
        world.Logins[Used] = new(Used, InUsePassword, UsedSid);
        world.Logins[Idle] = new(Idle, "nobody-s-0123456789", IdleSid) { IsDisabled = true };
        var orders = world.Databases["orders"] = new("orders");
        orders.Users.AddRange([new(Used, UsedSid), new(Idle, IdleSid), new("dbo", "0x01")]);
    }

    protected virtual string StateOf(SqlWorld world) => string.Join('\n', world.Logins.Values.Select(login =>
        $"{world.Name} {login.Name} {login.Password} {login.IsDisabled} {login.Database} {login.Language} {login.Sid} {Told(login.Rights)}")
        .Concat(world.Databases.Values.SelectMany(database => database.Users.Select(user =>
            $"{database.Name} {user.Name} {user.Sid} {Shown(user.Password)} {user.Schema} {Told(user.Rights)}"))));

    /// <summary>A password that nobody knows is another one each time.</summary>
    private static string Shown(string? password) =>
        password?.StartsWith("Aa1-", StringComparison.Ordinal) == true ? "nobody's" : password ?? "";

    private static string Told(IEnumerable<string[]> rights) => string.Join(',', rights.Select(right => string.Join(' ', right)));

    private BrokenWorld Login(string what, string login, Action<SqlWorldLogin> change) =>
        new(what, () => change(Worlds[^1].Logins[login]), Mend);
}
