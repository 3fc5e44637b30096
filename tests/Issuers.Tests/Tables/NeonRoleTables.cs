using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://api-docs.neon.tech/reference/resetprojectbranchrolepassword, before a real PostgreSQL that knows the
/// passwords.</summary>
internal abstract class NeonRoleTable(string provider) : VendorTable(provider)
{
    private const string Branch = "/projects/red-sun-1234/branches/br-cool-dew-5678";
    private const string Operation = "a07f8772-1877-4da9-a939-3a3ae62d1d8d";
    private int _looks;

    protected string Prefix { get; } = $"neon_{Guid.NewGuid():N}"[..16];

    protected string RoleA => $"{Prefix}_a";

    public override JsonObject Settings => new()
    {
        ["project"] = "red-sun-1234",
        ["branch"] = "br-cool-dew-5678",
        ["host"] = NeonServer.Cluster.Host,
        ["port"] = NeonServer.Cluster.Port,
        ["database"] = "postgres",
        ["sslMode"] = "disable",
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("a branch of nobody", new() { ["branch"] = "br-1" }),
        ("a compute that does not answer", new() { ["port"] = 1, ["connectTimeout"] = "1s" }),
        ("no database", new() { ["database"] = null }),
    ];

    public override string[] Documents => ["neon.json"];

    public override IReadOnlyDictionary<string, string> NoProblems => new Dictionary<string, string>();

    /// <summary>Whether the answer to a reset has the password.</summary>
    public bool ResetShows { get; set; } = true;

    /// <summary>How often an operation is looked at before it is over, and how it ends.</summary>
    public (int Looks, string End) Works { get; set; } = (0, "finished");

    protected abstract IEnumerable<string> Roles { get; }

    protected override string NewValue(int number) => $"npg_{number:d4}{Guid.NewGuid():N}";

    protected override FakeKey Stand()
    {
        var stand = base.Stand();
        NeonServer.SetPassword(RoleA, stand.Value);
        return stand with { Id = RoleA, Place = RoleA };
    }

    protected override void Draw()
    {
        On("GET /projects/{project}/branches/{branch}/roles/{role}", request =>
            request.Path.StartsWith(Branch, StringComparison.Ordinal) && Roles.Contains(request.Part("role"))
                ? Json(200, new { role = Role(request.Part("role"), null) })
                : Json(404, new { code = "", message = "role not found" }));
        On($"GET {Branch}/roles/{{role}}/reveal_password", request =>
            Json(200, new { password = Keys.Last(key => key.Id == request.Part("role")).Value }));
        On($"POST {Branch}/roles/{{role}}/reset_password", request =>
        {
            request.RequireNoBody();
            var role = request.Part("role");
            var at = Keys.FindIndex(key => key.Id == role);
            Make(request, [], "");
            var made = Keys[^1] with { Id = role, Place = role };
            Keys.RemoveAt(Keys.Count - 1);
            if (at >= 0)
            {
                // What it had before it is by hand no more; its place in the list stays.
                Keys[at] = made with { Name = Keys[at].Name };
            }
            else
            {
                Keys.Add(made);
            }

            NeonServer.SetPassword(role, made.Value);
            NeonServer.DropConnections(Prefix);
            _looks = 0;
            return Json(200, new { role = Role(role, ResetShows ? made.Value : null), operations = new[] { At(0) } });
        });
        On("GET /projects/red-sun-1234/operations/{id}", request =>
        {
            request.Require(request.Part("id") == Operation, "another operation");
            return Json(200, new { operation = At(++_looks) });
        });
    }

    private static JsonObject Role(string name, string? password)
    {
        var role = new JsonObject
        {
            ["branch_id"] = "br-cool-dew-5678",
            ["name"] = name,
            ["protected"] = false,
            ["created_at"] = "2026-01-01T00:00:00Z",
            ["updated_at"] = "2026-01-01T00:00:00Z",
        };
        if (password is not null)
        {
            role["password"] = password;
        }

        return role;
    }

    private object At(int look) => new
    {
        id = Operation,
        project_id = "red-sun-1234",
        action = "apply_config",
        status = look >= Works.Looks ? Works.End : look == 0 ? "scheduling" : "running",
        failures_count = 0,
        created_at = "2026-01-01T00:00:00Z",
        updated_at = "2026-01-01T00:00:00Z",
        total_duration_ms = 100,
    };
}

internal sealed class NeonOneRoleTable() : NeonRoleTable("neon-role-password")
{
    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["role"] = RoleA;
            return settings;
        }
    }

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [.. base.Broken, ("a role that is not there", new() { ["role"] = "nobody" })];

    protected override IEnumerable<string> Roles => [RoleA];
}

internal sealed class NeonTwoRolesTable() : NeonRoleTable("neon-roles")
{
    public string RoleB => $"{Prefix}_b";

    public string InUse => RoleA;

    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["accounts"] = new JsonArray(RoleA, RoleB);
            return settings;
        }
    }

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        .. base.Broken,
        ("a role that is not there", new() { ["accounts"] = new JsonArray(RoleA, "nobody") }),
        ("one role twice", new() { ["accounts"] = new JsonArray(RoleA, RoleA) }),
    ];

    protected override IEnumerable<string> Roles => [RoleA, RoleB];
}
