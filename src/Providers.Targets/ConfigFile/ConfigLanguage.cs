using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>One language of configuration files: where the value of a path stands in a text, and how a text is written there.</summary>
internal abstract class ConfigLanguage
{
    /// <summary>As in <c>format:</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The file, for messages that begin with it.</summary>
    public string File { get; init; } = "The file behind 'path'";

    /// <summary>Whether the file may be in an encoding that is not UTF-8, as what is written is ASCII.</summary>
    public virtual bool IsBytewise => false;

    /// <summary>Reads the names and places of a path.</summary>
    /// <exception cref="DeliveryException">It is no path.</exception>
    public virtual ValuePath PathOf(string path) => ValuePath.TryParse(path)
        ?? throw new DeliveryException(
            $"'{path}' is no path. Write names with dots between them, [0] for a place in a list, and [\"a.b\"] for a name with a dot.");

    /// <summary>What stands at the path; null if nothing does.</summary>
    /// <exception cref="DeliveryException">The file is not of this language, or has the path twice.</exception>
    public virtual ConfigNode? Find(string text, string path) => Walk(Parse(text), PathOf(path)).Node;

    /// <summary>A value as it is written over the node: in its way of quoting where that can be.</summary>
    /// <exception cref="DeliveryException">It cannot be written.</exception>
    public abstract string Write(string text, ConfigNode node, string path, string value);

    /// <summary>The text with the path in it, which it has not.</summary>
    /// <exception cref="DeliveryException">It cannot be added.</exception>
    public virtual string Add(string text, string path, string value)
    {
        var walked = Walk(Parse(text), PathOf(path));
        var rest = PathOf(path).Parts.Skip(walked.Parents.Count - 1).ToList();
        if (walked.Parents[^1] is not { Kind: ConfigKind.Map } || rest.Exists(part => part.IsIndex))
        {
            throw new DeliveryException(
                $"{path} cannot be added to the file: something else stands in its way, or it is a place in a list. Put it there by hand.");
        }

        return Insert(text, walked.Parents, [.. rest.Select(part => part.Name)], path, value);
    }

    /// <summary>The text without the path.</summary>
    /// <param name="kept">How many of the path's names stay, though nothing is left in them.</param>
    public virtual string Remove(string text, string path, int kept)
    {
        var parts = PathOf(path).Parts;
        for (var depth = parts.Count; depth > kept; depth--)
        {
            var walked = Walk(Parse(text), new ValuePath(path, [.. parts.Take(depth)]));
            if (walked.Node is not { } node
                || walked.Parents[^1].Entries.FindIndex(entry => entry.Node == node) is var at && at < 0
                || (depth < parts.Count && node.Entries.Count > 0))
            {
                return text;
            }

            text = Cut(text, walked.Parents[^1], at);
        }

        return text;
    }

    /// <summary>How many of the path's names are there.</summary>
    public virtual int DepthOf(string text, string path) => Walk(Parse(text), PathOf(path)) switch
    {
        { Node: not null } walked => walked.Parents.Count,
        var walked => walked.Parents.Count - 1,
    };

    /// <summary>The name in the file that may be meant where it has not the path; null if none is near.</summary>
    public virtual string? Near(string text, string path)
    {
        var (parsed, parents) = (PathOf(path), Walk(Parse(text), PathOf(path)).Parents);
        return parsed.Parts[parents.Count - 1] is { IsIndex: false } missing
            ? Suggestion.Near(missing.Name, parents[^1].Entries.Select(entry => entry.Name))
            : null;
    }

    /// <summary>Whether nothing is left in the text that anybody wrote.</summary>
    public virtual bool IsEmpty(string text) => string.IsNullOrWhiteSpace(text);

    protected abstract ConfigNode Parse(string text);

    /// <param name="parents">From the root to the deepest that is there.</param>
    /// <param name="rest">The names that are not there, one at least.</param>
    protected abstract string Insert(string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value);

    /// <summary>Takes one entry out of a map.</summary>
    protected abstract string Cut(string text, ConfigNode map, int index);

    /// <summary>So many may be around a value.</summary>
    protected const int MostDeep = 64;

    protected const string TooDeep = "It has more than 64 maps and lists in each other. Correct it.";

    protected DeliveryException Broken(int? line, string? more = null) => new(
        $"{File} is no {Name} that can be read{(line is null or 0 ? "" : $" (line {line})")}. "
            + (more ?? "Correct it, or 'format'."));

    protected static string NewLineOf(string text) =>
        text.IndexOf('\n', StringComparison.Ordinal) is var at and > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";

    protected static int LineStart(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>Behind the line's end.</summary>
    protected static int LineEnd(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end + 1 : text.Length;

    private (IReadOnlyList<ConfigNode> Parents, ConfigNode? Node) Walk(ConfigNode root, ValuePath path)
    {
        var parents = new List<ConfigNode> { root };
        for (var i = 0; i < path.Parts.Count; i++)
        {
            if (Next(parents[^1], path, path.Parts[i]) is not { } next)
            {
                return (parents, null);
            }

            if (i == path.Parts.Count - 1)
            {
                return (parents, next);
            }

            parents.Add(next);
        }

        throw new DeliveryException("A path in 'keys' is empty. Write the path of a value in the file.");
    }

    private ConfigNode? Next(ConfigNode node, ValuePath path, (string Name, bool IsIndex) part)
    {
        if (part.IsIndex)
        {
            return node.Kind == ConfigKind.List && int.Parse(part.Name, System.Globalization.CultureInfo.InvariantCulture) is var index
                && index < node.Items.Count ? node.Items[index] : null;
        }

        var found = node.Entries.FindAll(entry => entry.Name == part.Name);
        return found.Count > 1
            ? throw new DeliveryException(
                $"{File} has {path.Text}{(part.Name == path.Text ? "" : $" (its part {part.Name})")} {found.Count} times, and "
                    + "readers do not agree which counts. Leave one of them.")
            : found.Count == 1 ? found[0].Node : null;
    }
}
