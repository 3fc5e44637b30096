using System.Globalization;
using System.Text;

namespace Rotunda.Providers.Delivery;

/// <summary>A place in a tree of names and lists: <c>db.password</c>, <c>pulumiConfig["app:token"]</c>, <c>servers[0].key</c>.</summary>
/// <param name="Parts">Names and, with <c>IsIndex</c>, places in a list.</param>
internal sealed record ValuePath(string Text, IReadOnlyList<(string Name, bool IsIndex)> Parts)
{
    /// <summary>Null if it is no path.</summary>
    public static ValuePath? TryParse(string text)
    {
        var parts = new List<(string, bool)>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '[')
            {
                if (Bracket(text, ref at) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }
            else
            {
                at += at > 0 && text[at] == '.' ? 1 : 0;
                var end = text.AsSpan(at).IndexOfAny('.', '[') is var found && found < 0 ? text.Length : at + found;
                if (end == at || (at > 0 && text[at - 1] != '.'))
                {
                    return null;
                }

                parts.Add((text[at..end], false));
                at = end;
            }
        }

        return parts.Count == 0 ? null : new ValuePath(text, parts);
    }

    private static (string Name, bool IsIndex)? Bracket(string text, ref int at)
    {
        if (at + 1 < text.Length && text[at + 1] == '"')
        {
            var name = new StringBuilder();
            for (at += 2; at < text.Length && text[at] != '"'; at++)
            {
                at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
                name.Append(text[at]);
            }

            var closed = at + 1 < text.Length && text[at + 1] == ']';
            at += 2;
            return closed && name.Length > 0 ? (name.ToString(), false) : null;
        }

        var end = text.IndexOf(']', at);
        if (end < 0 || !int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        var index = text[(at + 1)..end];
        at = end + 1;
        return (index, true);
    }
}
