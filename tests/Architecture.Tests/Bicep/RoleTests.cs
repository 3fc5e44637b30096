using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The table of roles in docs/azure.md is the roles that the Bicep files assign.</summary>
public sealed partial class RoleTests
{
    /// <summary>Azure's built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    [Fact]
    public void The_table_in_the_docs_is_what_is_assigned()
    {
        var assigned = Assignments().Select(a => $"{a.Assignment.Symbol} | {s_names[RoleOf(a.File, a.Assignment)]} | {a.Assignment.Object["scope"]!.Path}");
        var told = TableRow().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "azure.md")))
            .Select(m => $"{m.Groups["symbol"].Value} | {m.Groups["role"].Value.Trim()} | {m.Groups["scope"].Value}");

        Assert.Equal(assigned.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    /// <summary>A name made from anything else would collide, or be a new assignment with each deployment.</summary>
    [Fact]
    public void The_name_of_an_assignment_is_made_from_scope_principal_and_role()
    {
        Assert.All(Assignments(), a =>
        {
            var parts = Assert.IsType<BicepCall>(a.Assignment.Object["name"]).Arguments.Select(n => n.Path).ToList();
            var properties = (BicepObject)a.Assignment.Object["properties"]!;

            Assert.Equal(a.Assignment.Object["scope"]!.Path + ".id", parts[0]);
            Assert.Equal(RolePath(a.Assignment), parts[2]);

            // The system topic has its object id only after it was made, which is too late for a name.
            Assert.Equal(properties["principalId"]!.Path!.Replace(".identity.principalId", ".id", StringComparison.Ordinal), parts[1]);
        });
    }

    [Fact]
    public void No_role_is_assigned_to_the_resource_group_or_wider() =>
        Assert.All(Assignments(), a => Assert.NotNull(a.Assignment.Object["scope"]?.Path));

    private static IEnumerable<(BicepFile File, BicepResource Assignment)> Assignments() =>
        Infrastructure.Templates.SelectMany(t => t.Resources.Where(r => r.Type == "Microsoft.Authorization/roleAssignments").Select(r => (t, r)));

    /// <summary>The role's id, wherever a variable holds it.</summary>
    private static string RoleOf(BicepFile file, BicepResource assignment)
    {
        var path = RolePath(assignment).Split('.');
        var variable = file.Variables[path[0]];
        return (path.Length == 1 ? variable : ((BicepObject)variable)[path[1]]!).Literal!;
    }

    private static string RolePath(BicepResource assignment)
    {
        var id = Assert.IsType<BicepCall>(((BicepObject)assignment.Object["properties"]!)["roleDefinitionId"]);
        Assert.Equal("subscriptionResourceId", id.Function.Path);
        return id.Arguments[1].Path!;
    }

    [GeneratedRegex(@"^\| `(?<symbol>\w+)` \| [^|]+ \| (?<role>[^|]+) \| `(?<scope>[\w:]+)`[^|]* \| [^|]+ \|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableRow();
}
