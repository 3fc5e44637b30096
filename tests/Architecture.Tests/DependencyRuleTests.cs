using System.Reflection;
using System.Xml.Linq;

namespace Rotunda.Architecture.Tests;

/// <summary>
/// The one dependency rule: Orchestration ← Rotation ← Activities ← heads, and Orchestration ← Engine ← Server.
/// Checked on the project files (what may be used) and on the built assemblies (what is).
/// </summary>
public sealed class DependencyRuleTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Orchestration"] = [],
        ["Sqlite"] = [],
        ["Rotation"] = ["Orchestration"],
        ["Engine"] = ["Orchestration", "Sqlite"],
        ["Activities"] = ["Rotation", "Orchestration", "Sqlite"],
        ["Api"] = ["Activities", "Rotation", "Orchestration"],
        ["Server"] = ["Api", "Activities", "Rotation", "Orchestration", "Engine", "Sqlite"],
        ["Functions"] = ["Api", "Activities", "Rotation", "Orchestration"],
    };

    public static TheoryData<string> Projects() => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_rule_allows(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"src/{project} is not in the dependency rule: add it there and say why.");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

        var references = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Orchestration")]
    [InlineData("Rotation")]
    [InlineData("Engine")]
    [InlineData("Activities")]
    [InlineData("Api")]
    public void An_assembly_uses_only_what_the_rule_allows(string project)
    {
        var used = Assembly.Load("Rotunda." + project).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => n.StartsWith("Rotunda.", StringComparison.Ordinal))
            .Select(n => n["Rotunda.".Length..]);

        Assert.Empty(used.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("System.Net.Http")]
    [InlineData("System.Net.Sockets")]
    [InlineData("System.IO.FileSystem")]
    [InlineData("Npgsql")]
    [InlineData("Microsoft.Data.Sqlite")]
    [InlineData("System.Diagnostics.Process")]
    public void The_domain_does_no_io(string assembly) =>
        Assert.DoesNotContain(Assembly.Load("Rotunda.Rotation").GetReferencedAssemblies(), a => a.Name == assembly);

    [Fact]
    public void The_engine_has_never_heard_of_a_secret()
    {
        var types = Assembly.Load("Rotunda.Engine").GetTypes();

        Assert.DoesNotContain(types, t => t.FullName!.Contains("Secret", StringComparison.OrdinalIgnoreCase) || t.FullName.Contains("Rotation", StringComparison.OrdinalIgnoreCase));
    }
}
