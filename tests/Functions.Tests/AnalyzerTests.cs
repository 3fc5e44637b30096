using System.Collections.Immutable;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Rotunda.Functions.Tests;

/// <summary>
/// Durable Task's analyzers keep the clock, ids and waiting of the machine out of the head's orchestrations: planted ones are found in
/// the head's own sources. The orchestrations in <c>src/Rotation</c>, which they cannot see from here, have their banned symbols.
/// </summary>
public sealed class AnalyzerTests
{
    private const string Planted = "using var context = new DurableContext(inner, payloads);";

    [Theory]
    [InlineData("_ = DateTime.Now;", "DURABLE0001")]
    [InlineData("_ = DateTime.UtcNow;", "DURABLE0001")]
    [InlineData("_ = Guid.NewGuid();", "DURABLE0002")]
    [InlineData("await Task.Delay(1);", "DURABLE0003")]
    [InlineData("_ = Environment.GetEnvironmentVariable(\"A\");", "DURABLE0006")]
    public async Task What_an_orchestrator_must_not_use_is_found_in_the_heads_own_code(string statement, string rule)
    {
        var found = await FindAsync(source => source.Replace(Planted, Planted + " " + statement, StringComparison.Ordinal));

        Assert.Contains(found, diagnostic => diagnostic.Id == rule && diagnostic.Severity >= DiagnosticSeverity.Warning);
    }

    [Fact]
    public async Task Nothing_is_found_in_the_head_as_it_is() =>
        Assert.DoesNotContain(await FindAsync(source => source), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    [Theory]
    [InlineData("src/Functions/Functions.csproj")]
    [InlineData("tests/Functions.Tests/Functions.Tests.csproj")]
    public void They_run_in_the_build_where_warnings_are_errors(string project)
    {
        var text = XDocument.Load(Path.Combine(Root, project));
        var analyzers = text.Descendants("PackageReference")
            .Single(reference => (string?)reference.Attribute("Include") == "Microsoft.DurableTask.Analyzers");

        Assert.Equal("all", (string?)analyzers.Attribute("PrivateAssets"));
        Assert.DoesNotContain("DURABLE", string.Concat(text.Descendants("NoWarn").Select(e => e.Value)), StringComparison.Ordinal);
        var ours = XDocument.Load(Path.Combine(Root, "Directory.Build.props"));
        Assert.Equal("true", ours.Descendants("TreatWarningsAsErrors").Single().Value);
        Assert.DoesNotContain("DURABLE", File.ReadAllText(Path.Combine(Root, ".editorconfig")), StringComparison.Ordinal);
    }

    /// <summary>What the analyzers say of the head's sources after a change.</summary>
    private static async Task<IReadOnlyList<Diagnostic>> FindAsync(Func<string, string> change)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "src", "Functions"), "*.cs");
        var sources = files.Select(file => change(File.ReadAllText(file)));
        var usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
            + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        var compilation = CSharpCompilation.Create(
            "Planted",
            sources.Append(usings).Select(source => CSharpSyntaxTree.ParseText(source)),
            References(),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        // The generated halves of the log methods are not there: their lack is the only error that is let pass.
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS8795");
        var all = await compilation.WithAnalyzers(Analyzers()).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(all, diagnostic => diagnostic.Id == "AD0001");
        return all;
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "Rotunda.Functions.dll")
            .Select(path => MetadataReference.CreateFromFile(path));

    private static ImmutableArray<DiagnosticAnalyzer> Analyzers() =>
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "analyzers"), "Microsoft.DurableTask.*.dll")
           from type in TypesIn(Assembly.LoadFrom(file))
           where type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract
           select (DiagnosticAnalyzer)Activator.CreateInstance(type)!,
    ];

    /// <summary>Without the fixes that an editor offers, which stand beside the analyzers and need an editor's libraries.</summary>
    private static IEnumerable<Type> TypesIn(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException some)
        {
            return some.Types.OfType<Type>();
        }
    }

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));
}
