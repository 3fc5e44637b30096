using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Rotunda.Architecture.Tests;

/// <summary>
/// The one dependency rule: Orchestration ← Rotation ← Interpreter ← Ledger, Rotation ← Providers ← Reencryption ← Activities,
/// Calendar, Access ← Api ← Telemetry ← heads, and Orchestration ← Engine ← Server. Files, Network, Postgres and Yaml are floors: they
/// know nothing of Rotunda. Checked on the project files (what may be used) and on the built assemblies (what is).
/// </summary>
public sealed class DependencyRuleTests
{
    private static readonly string[] Domain = ["EnvFiles", "Orchestration", "Rotation", "Yaml"];
    private static readonly string[] Kinds =
    [
        "Providers.Channels", "Providers.Consumers", "Providers.Databases", "Providers.Issuers", "Providers.SqlDatabases",
        "Providers.Stores", "Providers.Targets",
    ];

    private static readonly string[] Kit = [.. Domain, "Files", "Providers"];
    private static readonly string[] Steps = [.. Kit, .. Kinds, "Network", "Postgres", "Interpreter", "Ledger", "Reencryption"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["EnvFiles"] = [],
        ["Orchestration"] = [],
        ["Files"] = [],
        ["Network"] = [],
        ["Postgres"] = [],
        ["Yaml"] = [],
        ["Rotation"] = ["EnvFiles", "Orchestration", "Yaml"],
        // What editors know of the catalog: read from the domain's own words.
        ["Schemas"] = Domain,
        // Runs plans; what it records the ledger keeps.
        ["Interpreter"] = Domain,
        // When rotations start: without a ledger and an engine, so that years of it can be played.
        ["Calendar"] = [.. Domain, "Files", "Providers"],
        ["Engine"] = ["Orchestration", "Files"],
        ["Ledger"] = [.. Domain, "Interpreter", "Files", "Network", "Postgres"],
        ["Providers"] = [.. Domain, "Files"],
        // One kind of provider does not know another; what two of them share is in the kit.
        ["Providers.Channels"] = Kit,
        ["Providers.Consumers"] = Kit,
        ["Providers.Databases"] = [.. Kit, "Network", "Postgres"],
        ["Providers.SqlDatabases"] = [.. Kit, "Network"],
        ["Providers.Issuers"] = Kit,
        ["Providers.Stores"] = Kit,
        ["Providers.Targets"] = Kit,
        // Data under a key lies in a database: it is reached as the accounts there are.
        ["Reencryption"] = [.. Kit, "Network", "Postgres", "Providers.Databases"],
        ["Activities"] = Steps,
        // Many rotations for one reason: over the ledger, and started at the desk by a port of its own.
        ["Campaigns"] = [.. Domain, "Interpreter", "Ledger"],
        // Values found outside: matched over the ledger, and acted on at the desk by a port of their own.
        ["Leaks"] = [.. Domain, "Interpreter", "Ledger", "Files", "Providers", "Campaigns", "Access"],
        // What auditors read: from the ledger alone.
        ["Reports"] = [.. Domain, "Interpreter", "Ledger", "Files", "Providers"],
        ["Access"] = [.. Domain, "Interpreter", "Files", "Ledger", "Campaigns"],
        // Where catalogs' texts come from, files and blobs: read against all providers there are.
        ["CatalogFiles"] = [.. Steps, "Activities", "Calendar"],
        ["Api"] = [.. Steps, "Activities", "Access", "Calendar", "Campaigns", "CatalogFiles", "Leaks", "Reports"],
        // What is measured, for those who watch: it reads the desk, and nothing reads it.
        ["Telemetry"] = [.. Steps, "Activities", "Access", "Calendar", "Campaigns", "CatalogFiles", "Leaks", "Reports", "Api"],
        ["Server"] =
        [
            .. Steps, "Activities", "Access", "Calendar", "Campaigns", "CatalogFiles", "Leaks", "Reports", "Api", "Telemetry", "Engine",
            "Schemas",
        ],
        ["Functions"] = [.. Steps, "Activities", "Access", "Calendar", "Campaigns", "CatalogFiles", "Leaks", "Reports", "Api", "Telemetry"],
    };

    public static TheoryData<string> Projects() =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_rule_allows(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"src/{project} is not in the dependency rule: add it there and say why.");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

        var references = file.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_the_rule_allows(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var reader = file.GetMetadataReader();
        var used = reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("Rotunda.", StringComparison.Ordinal))
            .Select(name => name["Rotunda.".Length..]);

        Assert.Empty(used.Except(Allowed[project], StringComparer.Ordinal));
    }

    /// <summary>Steps ask for abilities, never for a provider by name.</summary>
    [Fact]
    public void The_steps_see_the_contract_and_no_system()
    {
        var systems = Namespaces.Of("Activities").Where(edge => edge.From.StartsWith("Rotunda.Activities.Steps", StringComparison.Ordinal))
            .Select(edge => edge.To)
            .Where(to => Kinds.Append("Reencryption").Any(kind => to.StartsWith($"Rotunda.{kind}", StringComparison.Ordinal)));

        Assert.Empty(systems);
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

        Assert.DoesNotContain(
            types,
            t => t.FullName!.Contains("Secret", StringComparison.OrdinalIgnoreCase)
                || t.FullName.Contains("Rotation", StringComparison.OrdinalIgnoreCase));
    }
}
