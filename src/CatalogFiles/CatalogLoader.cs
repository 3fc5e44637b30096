using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Calendar.Due;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.CatalogFiles;

/// <summary>Reads catalogs against every provider that comes with Rotunda.</summary>
public static class CatalogLoader
{
    private static readonly Lazy<IReadOnlyDictionary<string, ProviderDescriptor>> s_descriptors = new(() =>
    {
        using var services =
            new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddRotundaProviders().BuildServiceProvider();
        return new ProviderRegistry(services.GetServices<IProvider>()).Descriptors;
    });

    /// <summary>The descriptors of all providers, without a head around them.</summary>
    public static IReadOnlyDictionary<string, ProviderDescriptor> Descriptors() => s_descriptors.Value;

    /// <summary>Reads and validates; every problem at once.</summary>
    /// <param name="head">The stores that come with the head.</param>
    /// <param name="before">What was read last: what has not changed since is not read again.</param>
    public static CatalogReading Read(CatalogText text, string name, string folder, HeadStores head, CatalogReading? before = null)
    {
        var descriptors = Descriptors();
        var source = new CatalogSource(text.Text, name, folder) { Included = text.Included, Troubles = text.Troubles };
        var result = CatalogReader.Read(source, descriptors, head, before?.Parts);
        return new CatalogReading(
            result.Catalog is { } catalog ? catalog with { Version = text.Version } : null,
            [.. result.Problems.Select(problem => problem.ToString())])
        {
            Seen = text.Seen,
            Parts = result.Parts,
            WarningsOf = () =>
            [
                .. result.Warnings.Select(warning => warning.ToString()),
                .. result.Catalog is { } read ? MissingFolders(read, descriptors) : [],
                .. result.Catalog is { } whole ? NoRoom(whole) : [],
            ],
        };
    }

    /// <summary>Folders of files that targets write. They may be there on the machine that the catalog is for, so this is no problem
    /// of the catalog: the doctor says it where it is one.</summary>
    private static IEnumerable<string> MissingFolders(
        RotationCatalog catalog, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        var paths = descriptors.Values.ToDictionary(
            one => one.Id,
            one => one.Settings.Where(setting => setting is { Type: SettingType.Path, Required: true }).Select(setting => setting.Name)
                .ToArray(),
            StringComparer.Ordinal);
        // Many targets write into one folder.
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        bool IsThere(string folder) =>
            known.TryGetValue(folder, out var isThere) ? isThere : known[folder] = Directory.Exists(folder);

        return from file in catalog.Files
               from policy in file.Policies
               from target in policy.Targets
               from setting in paths[target.Provider.Type]
               let folder = Path.GetDirectoryName((string?)target.Provider.Settings[setting])
               where folder is { Length: > 0 } && !IsThere(folder)
               select $"{file.Name}: {policy.Name}.targets.{target.Name}.{setting}: the folder {folder} does not exist here. Create it "
                   + "before the first rotation, or correct the path.";
    }

    private static IEnumerable<string> NoRoom(RotationCatalog catalog) =>
        from file in catalog.Files
        from problem in Room.Problems(file.Policies, TimeProvider.System.GetUtcNow())
        select $"{file.Name}: {problem}";
}

/// <param name="Catalog">Null if there is any problem.</param>
/// <param name="Problems">As file:line:column: message.</param>
public sealed record CatalogReading(RotationCatalog? Catalog, IReadOnlyList<string> Problems)
{
    /// <summary>What a person should know, and that does not make it invalid. Looked for when somebody asks: of very many secrets it
    /// takes a while, and a head does not ask.</summary>
    public IReadOnlyList<string> Warnings => field ??= WarningsOf();

    internal Func<IReadOnlyList<string>> WarningsOf { private get; init; } = () => [];

    /// <summary><see cref="CatalogText.Seen"/> of what was read.</summary>
    public string? Seen { get; init; }

    /// <summary>For the next reading.</summary>
    public CatalogParts? Parts { get; init; }
}
