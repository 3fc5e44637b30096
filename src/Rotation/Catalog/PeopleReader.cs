using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads where each person gets mail of their own.</summary>
internal static class PeopleReader
{
    public static IReadOnlyDictionary<string, string> Read(CatalogMap notices)
    {
        var people = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var map = notices.Map("people", known: null);
        foreach (var key in map?.Keys ?? [])
        {
            if (map!.Text(key.Text) is { } address && IsGood(map, key.Text, address, people))
            {
                people[key.Text] = address;
            }
        }
        return people;
    }

    /// <summary>A link by which somebody decides is worth as much as their password.</summary>
    public static void CheckUse(NoticePolicy notices, CatalogMap map, IEnumerable<Policy> secrets)
    {
        foreach (var unknown in secrets.SelectMany(secret => secret.Ask?.From ?? []).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(person => !notices.People.ContainsKey(person)))
        {
            map.Warn(
                "people", $"has no address of {Text.Short(unknown)}, whom a secret asks for its value. Add it, so that they get a form.");
        }
        if (notices.People.Count == 0)
        {
            return;
        }
        if (!map.Has("link"))
        {
            map.Problem("people", "has no effect without \"link\", as no link can be made. Add that, or remove this.");
        }
        else if (notices.Link is { } link && !(new Uri(link) is { Scheme: "https" } or { IsLoopback: true }))
        {
            map.Problem("link", "must start with https:// where \"people\" get links by which they decide.");
        }
        if (notices.Channels.Values.All(channel => !channel.ReachesPeople))
        {
            map.Warn("people", "no channel can write to one person alone. Add one of the type email, or remove this.");
        }
    }

    private static bool IsGood(CatalogMap map, string name, string address, Dictionary<string, string> people)
    {
        if (name.AsSpan().IndexOfAny(",[]") >= 0)
        {
            map.Problem(name, "is no name of a person: give the owner of their token, or their id in the directory.");
        }
        else if (people.ContainsKey(name))
        {
            map.Problem(name, "is there twice: upper and lower case are one. Remove one.");
        }
        else if (people.FirstOrDefault(one => string.Equals(one.Value, address, StringComparison.OrdinalIgnoreCase)).Key is { } other)
        {
            map.Problem(name, $"has the address of {Text.Short(other)}: each would get the other's links. Give an address that only "
                + "they read.");
        }
        else if (!IsAddress(address))
        {
            map.Problem(name, $"\"{Text.Short(address)}\" is not one mail address. Write it as anna@example.com.");
        }
        else
        {
            return true;
        }
        return false;
    }

    private static bool IsAddress(string text) =>
        text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1
        && !text.Any(symbol =>
            char.IsControl(symbol) || char.IsWhiteSpace(symbol) || ",;<>()[]\"\\".Contains(symbol, StringComparison.Ordinal));
}
