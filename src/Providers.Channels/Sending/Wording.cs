using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Sending;

/// <summary>A message as text, for the channels that take texts.</summary>
internal static class Wording
{
    /// <summary>Text, then what it is about, a line each.</summary>
    public static string Body(NoticeMessage message) => string.Join('\n', new[] { message.Text, "" }.Concat(About(message)));

    /// <summary>What it is about, "name: value" each.</summary>
    public static IEnumerable<string> About(NoticeMessage message) => Facts(message).Select(fact => $"{fact.Name}: {fact.Value}");

    public static IEnumerable<(string Name, string Value)> Facts(NoticeMessage message)
    {
        yield return ("Notice", $"{NoticeKinds.NameOf(message.Kind)} ({NoticeKinds.NameOf(message.Severity)})");
        foreach (var (name, value) in new (string, string?)[]
                 {
                     ("Secret", message.Secret), ("Rotation", message.RotationId), ("Owner", message.Owner),
                     ("Tags", message.Tags.Count == 0 ? null : string.Join(", ", message.Tags)),
                     ("More", message.Link),
                 })
        {
            if (value is not null)
            {
                yield return (name, value);
            }
        }

        yield return ("At", $"{message.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>At most so many characters.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");

    /// <summary>One line.</summary>
    public static string Line(string text) => string.Concat(text.Select(symbol => char.IsControl(symbol) ? ' ' : symbol));
}
