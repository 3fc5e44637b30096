namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>What is in infra/bicep.</summary>
internal static class Infrastructure
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "bicep");

    public static BicepFile Main { get; } = BicepFile.Load(Path.Combine(Folder, "main.bicep"));

    public static IReadOnlyList<BicepFile> Modules { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "modules"), "*.bicep").Order(StringComparer.Ordinal).Select(BicepFile.Load)];

    public static IReadOnlyList<BicepFile> Templates { get; } = [Main, .. Modules];

    public static IReadOnlyList<BicepFile> ParameterFiles { get; } =
        [.. Directory.GetFiles(Folder, "*.bicepparam").Order(StringComparer.Ordinal).Select(BicepFile.Load)];

    public static BicepFile Module(string name) => Modules.Single(m => m.Name == name + ".bicep");

    /// <summary>The module that a file refers to, by its full path.</summary>
    public static BicepFile? Find(BicepFile from, string source)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from.Path)!, source));
        return Templates.FirstOrDefault(t => t.Path == path);
    }
}
