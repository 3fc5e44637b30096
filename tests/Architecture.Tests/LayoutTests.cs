using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests;

/// <summary>How the sources are laid out: each file in its namespace's folder, no circle between folders, no assembly too large
/// to read.</summary>
public sealed partial class LayoutTests
{
    private const int LargestAssembly = 12_000;
    private const int LongestLine = 140;

    public static TheoryData<string> Projects() => DependencyRuleTests.Projects();

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_circle_between_the_folders_of_an_assembly(string project)
    {
        var own = Namespaces.Of(
            project)
            .Where(use => use.To == $"Rotunda.{project}" || use.To.StartsWith($"Rotunda.{project}.", StringComparison.Ordinal))
            .ToList();

        var circle = Namespaces.Circle(own);

        Assert.True(circle.Count == 0, string.Join(Environment.NewLine, circle.Zip(circle.Skip(1), (from, to) =>
            $"{from} uses {to} in "
                + $"{string.Join(", ", own.Where(use => use.From == from && use.To == to).Select(use => use.By).Distinct().Take(5))}")));
    }

    [Fact]
    public void A_circle_would_be_found()
    {
        Namespaces.Use[] uses = [new("a", "b", ""), new("b", "c", ""), new("c", "d", ""), new("d", "b", "")];

        Assert.Equal(["b", "c", "d", "b"], Namespaces.Circle(uses));
        Assert.Empty(Namespaces.Circle(uses[..3]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_stands_in_the_folder_of_its_namespace(string project)
    {
        var astray = Sources(Path.Combine("src", project))
            .Select(path => (Path: path, Declared: Namespace().Match(File.ReadAllText(path))))
            .Where(file => file.Declared.Success && file.Declared.Groups["name"].Value != NamespaceOf(file.Path))
            .Select(file => $"{file.Path} says {file.Declared.Groups["name"].Value}");

        Assert.Empty(astray);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_is_small_enough_to_be_read(string project) =>
        Assert.InRange(Sources(Path.Combine("src", project)).Sum(path => File.ReadLines(path).Count()), 1, LargestAssembly);

    /// <summary>Descriptors are texts for people, and one line each.</summary>
    [Fact]
    public void Lines_fit_the_screen()
    {
        var long_ = new[] { "src", "tests", "bench", "samples" }.SelectMany(Sources)
            .Where(path => !path.EndsWith("Descriptor.cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (line.Length, At: $"{path}:{index + 1}")))
            .Where(line => line.Length > LongestLine)
            .Select(line => $"{line.At} has {line.Length} characters");

        Assert.Empty(long_);
    }

    private static string NamespaceOf(string path) =>
        "Rotunda."
            + string.Join(
                '.',
                Path.GetRelativePath(Path.Combine(Repository.Root, "src"), Path.GetDirectoryName(path)!)
                    .Split(Path.DirectorySeparatorChar));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Namespace();
}
