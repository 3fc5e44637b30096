using System.Text.Json.Nodes;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>Two users that a database holds itself, as at Azure SQL Database.</summary>
internal sealed class ContainedUsersEnvironment : SqlServerEnvironment
{
    public ContainedUsersEnvironment()
    {
        World.Edition = 5;
        World.Logins.Clear();
        Fill();
    }

    public SqlWorldDatabase Database => World.Databases["orders"];

    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["kind"] = "contained-user";
            return settings;
        }
    }

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        .. base.BrokenSettings,
        ("no database", With("database", null)),
        ("replicas", With("replicas", new JsonArray("127.0.0.1,1433"))),
        ("a database that is not there", With("database", "none")),
        ("logins of a server", With("kind", "login")),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("no right to set passwords", () => Take("ALTER ANY USER"), Mend),
        new("no sight of what others have", () => Take("VIEW DEFINITION"), Mend),
        new("a secondary copy", () => Database.IsReadOnly = true, Mend),
        new("a user gone", () => Database.Users.RemoveAll(user => user.Name == Idle), Mend),
        new("a user of a login", () => Orders(Idle).Password = null, Mend),
        new("a role that the other lacks", () => Orders(Used).Rights.Add(["role", "", "db_datawriter", ""]), Mend),
        new("another default schema", () => Orders(Used).Schema = "sales", Mend),
    ];

    public override IEnumerable<BrokenWorld> LackingRights => [];

    public override string? NoRights => "a login to the one database is all that is tried: rights there are compared with those of the "
        + "other";

    public override Func<string, Task>? SetByHand => password =>
    {
        Orders(Idle).Password = password;
        return Task.CompletedTask;
    };

    public override Task RemoveCredentialAsync()
    {
        Database.Users.RemoveAll(user => user.Name == Idle);
        return Task.CompletedTask;
    }

    public override void Mend()
    {
        var (idle, used) = (Database.Named(Idle)?.Password, Database.Named(Used)!.Password);
        Fill();
        (Orders(Idle).Password, Orders(Used).Password) = (idle ?? Orders(Idle).Password, used);
    }

    private void Fill()
    {
        var orders = World.Databases["orders"] = new("orders");
        orders.Users.AddRange(
        [
            new(Own, "0x0A", OwnPassword)
            {
                Rights = [.. new[] { "CONNECT", "ALTER ANY USER", "VIEW DEFINITION", "VIEW DATABASE STATE", "KILL DATABASE CONNECTION" }
                    .Select(one => (string[])["permission", "GRANT", one, ""])],
            },
            new("reader", "0x0B", OwnPassword),
            new(Used, "0xA0A0", InUsePassword),
            new(Idle, IdleSid, "nobody-s-0123456789"),
        ]);
    }

    private void Take(string right) => Orders(Own).Rights.RemoveAll(one => one[2] == right);
}
