using System.Text.Json.Nodes;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>What the settings of a configuration file tell without the file.</summary>
internal static class ConfigFileSettings
{
    /// <summary>What can never work, whatever the file has: told when the catalog is read.</summary>
    public static IEnumerable<SettingProblem> Check(JsonObject settings)
    {
        foreach (var problem in TargetFile.CheckMode(settings, ConfigFileDescriptor.Mode))
        {
            yield return problem;
        }

        if ((string?)settings[ConfigFileDescriptor.Path] is not { } path)
        {
            yield break;
        }

        if (LanguageOf(path, (string?)settings[ConfigFileDescriptor.Format]) is not { } language)
        {
            yield return new SettingProblem(ConfigFileDescriptor.Path, null, WithoutFormat(path));
            yield break;
        }

        var paths = new List<ValuePath>();
        foreach (var (key, _) in settings[ConfigFileDescriptor.Keys] as JsonObject ?? [])
        {
            if (Problem(language, key, paths) is { } problem)
            {
                yield return new SettingProblem(ConfigFileDescriptor.Keys, key, problem);
            }
        }
    }

    /// <summary>The same for two spellings of one path: <c>a.b</c> and <c>["a"].b</c>.</summary>
    public static string PlaceOf(JsonObject settings, string key)
    {
        try
        {
            return (string?)settings[ConfigFileDescriptor.Path] is { } path
                && LanguageOf(path, (string?)settings[ConfigFileDescriptor.Format]) is { } language
                ? string.Join('\n', language.PathOf(key).Parts.Select(part => $"{(part.IsIndex ? '#' : '=')}{part.Name}")) : key;
        }
        catch (DeliveryException)
        {
            return key;
        }
    }

    /// <summary>As the catalog says, or as the file's name does; null where neither tells.</summary>
    public static ConfigLanguage? LanguageOf(string path, string? format) => (format ?? ConfigFileDescriptor.FormatOf(path)) switch
    {
        "json" => new JsonLanguage { File = path },
        "yaml" => new YamlLanguage { File = path },
        "toml" => new TomlLanguage { File = path },
        "ini" => new IniLanguage { File = path },
        "properties" => new PropertiesLanguage { File = path },
        "xml" => new XmlLanguage { File = path },
        _ => null,
    };

    public static string WithoutFormat(string path) =>
        $"The name of {path} does not tell its language. Set 'format' to {string.Join(", ", ConfigFileDescriptor.Formats)}.";

    /// <param name="others">The paths before it; gets this one.</param>
    private static string? Problem(ConfigLanguage language, string key, List<ValuePath> others)
    {
        try
        {
            var path = language.PathOf(key);
            var other = others.Find(one => Begins(one, path) || Begins(path, one));
            others.Add(path);
            return other is null ? null
                : other.Parts.Count == path.Parts.Count ? $"is the same place as {other.Text}. Remove one of the two."
                : $"{(Begins(path, other) ? other.Text : path.Text)} lies in {(Begins(path, other) ? path.Text : other.Text)}, so both "
                    + "cannot be values. Correct the path, or remove one of the two.";
        }
        catch (DeliveryException problem)
        {
            return problem.Message;
        }
    }

    private static bool Begins(ValuePath first, ValuePath whole) =>
        first.Parts.Count <= whole.Parts.Count && first.Parts.SequenceEqual(whole.Parts.Take(first.Parts.Count));
}
