using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Calendar.Due;
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
        var descriptors = Descriptors();
        var result = CatalogReader.Read(text.Text, name, folder, descriptors, head);
        return new CatalogReading(
            result.Catalog is { } catalog ? catalog with { Version = text.Version } : null,
            [.. result.Problems.Select(problem => problem.ToString())])
        {
            Warnings =
            [
                .. result.Warnings.Select(warning => warning.ToString()),
                .. result.Catalog is { } read ? MissingFolders(read, name, descriptors) : [],
                .. result.Catalog is { } whole
                    ? Room.Problems(whole, TimeProvider.System.GetUtcNow()).Select(problem => $"{name}: {problem}")
                    : [],
            ],
        };
    }

    /// <summary>Folders of files that targets write. They may be there on the machine that the catalog is for, so this is no problem
    /// of the catalog: the doctor says it where it is one.</summary>
    private static IEnumerable<string> MissingFolders(
        RotationCatalog catalog,
        string name,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        from policy in catalog.Policies.Values
        from target in policy.Targets
        from setting in descriptors[target.Provider.Type].Settings
        where setting is { Type: SettingType.Path, Required: true }
        let folder = Path.GetDirectoryName((string?)target.Provider.Settings[setting.Name])
        where folder is { Length: > 0 } && !Directory.Exists(folder)
        select $"{name}: {policy.Name}.targets.{target.Name}.{setting.Name}: the folder {folder} does not exist here. Create it before the "
            + "first rotation, or correct the path.";
}

/// <param name="Catalog">Null if there is any problem.</param>
/// <param name="Problems">As file:line:column: message.</param>
public sealed record CatalogReading(RotationCatalog? Catalog, IReadOnlyList<string> Problems)
{
    /// <summary>What a person should know, and that does not make it invalid.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
