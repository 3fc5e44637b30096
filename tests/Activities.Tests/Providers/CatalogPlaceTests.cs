using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Two secrets that write into one file, against the real descriptors.</summary>
public sealed class CatalogPlaceTests
{
    private static readonly IReadOnlyDictionary<string, ProviderDescriptor> Descriptors =
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

    [Theory]
    [InlineData("f.json", "a.b", "[\\\"a\\\"].b")]
    [InlineData("f.yaml", "a.b[0]", "[\\\"a\\\"][\\\"b\\\"][0]")]
    [InlineData("f.toml", "a.b", "a[\\\"b\\\"]")]
    public void Two_spellings_of_one_path_are_one_place(string file, string one, string other)
    {
        var problem = Assert.Single(Problems(file, one, other));
        Assert.Contains("s.targets.t: writes", problem, StringComparison.Ordinal);
        Assert.Contains("which r.targets.t writes too", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f.json", "a.b", "a.c")]
    [InlineData("f.json", "a[0]", "[\\\"a\\\"][\\\"0\\\"]")]
    public void Two_places_are_two(string file, string one, string other) => Assert.Empty(Problems(file, one, other));

    /// <summary>It is not the whole file, which the other secret would write as well.</summary>
    [Fact]
    public void An_empty_key_is_told_as_such_alone() =>
        Assert.DoesNotContain(Problems("f.json", "a", ""), problem => problem.Contains("writes too", StringComparison.Ordinal));

    private static List<string> Problems(string file, string one, string other) =>
    [
        .. CatalogReader.Read(
            $$"""
            version: 1
            secrets:
              r:
                provider: { type: manual }
                targets:
                  t: { type: config-file, path: ./{{file}}, keys: { "{{one}}": "{value}" } }
              s:
                provider: { type: manual }
                targets:
                  t: { type: config-file, path: ./{{file}}, keys: { "{{other}}": "{value}" } }
            """,
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors).Problems.Select(problem => problem.ToString()),
    ];
}
