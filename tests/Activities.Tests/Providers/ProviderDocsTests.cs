using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Registry;

namespace Rotunda.Activities.Tests.Providers;

public sealed class ProviderDocsTests
{
    public static TheoryData<string> Ids => [.. Registry().Descriptors.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_in_docs_is_the_descriptor(string id)
    {
        var path = Path.Combine(DocsFolder(), id + ".md");
        var page = ProviderDocs.Render(Registry().Descriptors[id]);
        if (Environment.GetEnvironmentVariable("ROTUNDA_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == page,
            $"docs/providers/{id}.md is not what the descriptor says. Run the tests with ROTUNDA_UPDATE_DOCS=1.");
    }

    [Fact]
    public void Every_page_has_a_provider() =>
        Assert.Empty(
            Directory.GetFiles(DocsFolder(), "*.md")
                .Select(Path.GetFileNameWithoutExtension)
                .Where(name => name != "README")
                .Except(Registry().Descriptors.Keys));

    private static ProviderRegistry Registry() =>
        new ServiceCollection().AddRotundaProviders().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>();

    private static string DocsFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/providers"));
}
