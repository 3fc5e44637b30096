using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads what a person is asked for.</summary>
internal static class AskReader
{
    public static AskPolicy? Read(CatalogMap parent)
    {
        AskPolicy? ask = null;
        parent.Track("ask", () => ask = parent.Map("ask", CatalogWords.Ask) is { } map ? ReadParts(map) : null);
        return ask;
    }

    private static AskPolicy ReadParts(CatalogMap map)
    {
        var usual = new AskPolicy(null, null, [], null);
        var ask = new AskPolicy(map.Text("create"), map.Text("link"), map.Texts("scopes") ?? [], map.Text("name"))
        {
            From = ApprovalReader.People(map, "from") ?? [],
            Due = map.Duration("due") ?? usual.Due,
            RemindEvery = map.Duration("remindEvery") ?? usual.RemindEvery,
            ExpiresAfter = map.Duration("expiresAfter") ?? usual.ExpiresAfter,
            Shape = Shape(map),
        };
        ask = ask with { Escalate = EscalationReader.Read(map, ask.ExpiresAfter) };
        if (ask.Link is { } link && !(Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"))
        {
            map.Problem("link", "must be an address that begins with https:// or http://.");
        }
        if (ask.ExpiresAfter < ask.Due && map.IsGood("due") && map.IsGood("expiresAfter"))
        {
            map.Problem(
                map.Has("expiresAfter") ? "expiresAfter" : "due",
                $"the rotation would end after {DurationText.Format(ask.ExpiresAfter)}, before the value is due "
                    + $"({DurationText.Format(ask.Due)}). Let it wait at least as long.");
        }
        return ask;
    }

    private static ValueShape? Shape(CatalogMap parent)
    {
        ValueShape? shape = null;
        parent.Track("value", () => shape = parent.Map("value", CatalogWords.AskValue) is { } map ? ReadShape(map) : null);
        return shape;
    }

    private static ValueShape ReadShape(CatalogMap map)
    {
        var shape = new ValueShape(
            map.Text("prefix"),
            map.Text("pattern"),
            map.Integer("minLength", 1, ValueShape.Longest) ?? ValueShape.Shortest,
            map.Integer("maxLength", 1, ValueShape.Longest) ?? ValueShape.Longest,
            map.Flag("lineEnds") ?? false);
        if (shape.Pattern is { } pattern && ValueShape.ProblemOf(pattern) is { } problem)
        {
            map.Problem("pattern", $"is no regular expression that can be used here: {problem}");
        }
        if (shape.MaxLength < shape.MinLength && map.IsGood("minLength") && map.IsGood("maxLength"))
        {
            map.Problem("maxLength", "is less than minLength, so no value would fit.");
        }
        return shape;
    }
}
