using System.Runtime.CompilerServices;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>docs/catalog.md names every key, choice and reason there is.</summary>
public sealed class CatalogDocTests
{
    [Fact]
    public void Every_word_of_the_language_is_described()
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/catalog.md"));
        string[][] keys =
        [
            CatalogWords.Root, CatalogWords.Defaults, CatalogWords.Secret, CatalogWords.Value, CatalogWords.Window, CatalogWords.Approval,
            CatalogWords.Evidence, CatalogWords.Freeze, CatalogWords.After, CatalogWords.Group, CatalogWords.Paused,
            [.. CatalogWords.Risks.Keys], [.. CatalogWords.MissedRuns.Keys],
            CatalogWords.Retry, CatalogWords.Current, CatalogWords.Provider, CatalogWords.Target, CatalogWords.Consumer,
            [.. CatalogWords.Strategies.Keys],
            [.. CatalogWords.Formats.Keys], [.. CatalogWords.Days.Keys], [.. CatalogWords.Moments.Keys],
            [.. CatalogWords.TimeoutActions.Keys],
            [.. typeof(DecisionReasons).GetFields().Select(f => (string)f.GetValue(null)!)],
        ];
        foreach (var key in keys.SelectMany(k => k))
        {
            Assert.Contains($"`{key}`", text, StringComparison.Ordinal);
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
