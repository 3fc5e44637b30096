using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads a team's own words for notices.</summary>
internal static class NoticeTextsReader
{
    public static IReadOnlyDictionary<NoticeKind, NoticeText> Read(CatalogMap notices)
    {
        var texts = new Dictionary<NoticeKind, NoticeText>();
        var names = NoticeKinds.All.Select(facts => facts.Name).ToList();
        var map = notices.Map("texts", known: null);
        foreach (var name in (map?.Keys ?? []).Select(key => key.Text))
        {
            if (NoticeKinds.All.FirstOrDefault(facts => facts.Name == name) is not { } facts)
            {
                map!.Problem(name, $"there is no notice \"{Text.Short(name)}\". {Suggestion.For(name, names)}");
            }
            else if (map!.Map(name, CatalogWords.NoticeText) is { } own)
            {
                texts[facts.Kind] = new NoticeText(Words(own, "title"), Words(own, "text"));
                if (!own.Has("title") && !own.Has("text"))
                {
                    map.Problem(name, "has neither title nor text. Give one of them, or remove it.");
                }
            }
        }
        return texts;
    }

    private static string? Words(CatalogMap map, string key)
    {
        if (map.Text(key) is not { } words)
        {
            return null;
        }
        foreach (var unknown in NoticeText.UnknownIn(words).Distinct(StringComparer.Ordinal))
        {
            map.Problem(key, $"nothing is called {{{Text.Short(unknown)}}}. {Suggestion.For(unknown, NoticeText.Facts)}");
        }
        if (words.Length > NoticeText.Longest)
        {
            map.Problem(key, $"has {words.Length} characters, and some channels take no more than {NoticeText.Longest}. Shorten it.");
        }
        if (key == "title" && words.Trim().Contains('\n', StringComparison.Ordinal))
        {
            map.Problem(key, "has several lines, and a title is one. Move the rest to \"text\".");
        }
        return words;
    }
}
