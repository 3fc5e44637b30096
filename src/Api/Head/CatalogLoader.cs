using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Head;

/// <summary>Reads catalogs against every provider that comes with Rotunda.</summary>
public static class CatalogLoader
{
    /// <summary>The descriptors of all providers, without a head around them.</summary>
    public static IReadOnlyDictionary<string, ProviderDescriptor> Descriptors()
    {
        using var services =
            new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddRotundaProviders().BuildServiceProvider();
        return new ProviderRegistry(services.GetServices<IProvider>()).Descriptors;
    }

    /// <summary>Reads and validates; every problem at once.</summary>
    /// <param name="head">The stores that come with the head.</param>
    public static CatalogReading Read(CatalogText text, string name, string folder, HeadStores head)
    {
        var result = CatalogReader.Read(text.Text, name, folder, Descriptors(), head);
        return new CatalogReading(
            result.Catalog is { } catalog ? catalog with { Version = text.Version } : null,
            [.. result.Problems.Select(problem => problem.ToString())]);
    }
}

/// <param name="Catalog">Null if there is any problem.</param>
/// <param name="Problems">As file:line:column: message.</param>
public sealed record CatalogReading(RotationCatalog? Catalog, IReadOnlyList<string> Problems);
