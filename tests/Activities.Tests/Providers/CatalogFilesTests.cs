using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Schemas;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>The published schema and the sample catalogs, against the real descriptors.</summary>
public sealed class CatalogFilesTests
{
    public static TheoryData<string> Catalogs =>
        [.. Directory.GetFiles(Folder(), "*.yaml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder(), path))];

    [Theory]
    [InlineData("rotunda.schema.json", false)]
    [InlineData("rotunda-included.schema.json", true)]
    public void The_published_schema_is_what_the_descriptors_say(string name, bool included)
    {
        var path = Path.Combine(Folder(), name);
        var schema = included ? CatalogSchema.GenerateIncludedText() : CatalogSchema.GenerateText(Descriptors());
        if (Environment.GetEnvironmentVariable("ROTUNDA_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, schema);
        }

        Assert.True(
            File.ReadAllText(path) == schema,
            $"catalog/{name} is not what the descriptors say. Run the tests with ROTUNDA_UPDATE_DOCS=1.");
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public void A_published_catalog_is_valid(string name)
    {
        var path = Path.Combine(Folder(), name);

        Assert.Empty(CatalogReader.Read(File.ReadAllText(path), name, Path.GetDirectoryName(path)!, Descriptors()).Problems);
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public void Every_secret_of_a_published_catalog_has_a_plan_without_a_ledger(string name)
    {
        var path = Path.Combine(Folder(), name);
        var descriptors = Descriptors();
        var catalog = CatalogReader.Read(File.ReadAllText(path), name, Path.GetDirectoryName(path)!, descriptors).Catalog!;
        var now = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

        Assert.All(catalog.Policies.Values, policy => Assert.NotEmpty(RotationPlanner.Plan(
            policy,
            AssumedAdoption.Of(policy, descriptors[policy.Provider.Type], now),
            new PlanRequest(RotationTrigger.Schedule, "a look", "ada", now),
            descriptors,
            catalog.Hash,
            catalog.Stores).Steps));
    }

    [Theory]
    [MemberData(nameof(ProviderDocsTests.Ids), MemberType = typeof(ProviderDocsTests))]
    public void The_example_of_a_provider_is_valid(string id) =>
        Assert.Empty(CatalogReader.Read(Descriptors()[id].Example!, $"{id}.yaml", Folder(), Descriptors()).Problems);

    [Fact]
    public void The_readme_s_catalog_is_valid()
    {
        var readme = File.ReadAllText(Path.Combine(Folder(), "../README.md"));
        var from = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var yaml = readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];

        Assert.Empty(CatalogReader.Read(yaml, "README.md", Folder(), Descriptors()).Problems);
    }

    private static IReadOnlyDictionary<string, ProviderDescriptor> Descriptors() =>
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../catalog"));
}
