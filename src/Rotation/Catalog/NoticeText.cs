using System.Text.RegularExpressions;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>
/// A team's own words for a kind of notice. They stand where Rotunda's title and text would, so each channel escapes them as it does
/// those. What stands for the notice's facts is filled in once: braces in a fact are text.
/// </summary>
/// <param name="Title">One line; null for Rotunda's own.</param>
/// <param name="Text">May have several lines; null for Rotunda's own.</param>
public sealed partial record NoticeText(string? Title, string? Text)
{
    /// <summary>Longer texts are cut off by some channels.</summary>
    public const int Longest = 2_000;

    private static readonly Dictionary<string, Func<NoticeMessage, string?>> s_facts = new(StringComparer.Ordinal)
    {
        ["title"] = message => message.Title,
        ["text"] = message => message.Text,
        ["secret"] = message => message.Secret,
        ["owner"] = message => message.Owner,
        ["rotation"] = message => message.RotationId,
        ["kind"] = message => NoticeKinds.NameOf(message.Kind),
        ["severity"] = message => NoticeKinds.NameOf(message.Severity),
        ["link"] = message => message.Link,
        ["tags"] = message => string.Join(", ", message.Tags),
    };

    /// <summary>What may stand in braces.</summary>
    public static IReadOnlyCollection<string> Facts => s_facts.Keys;

    /// <summary>What stands in braces and is no fact.</summary>
    public static IEnumerable<string> UnknownIn(string words) =>
        Braces().Matches(words).Select(match => match.Groups["fact"].Value).Where(fact => !s_facts.ContainsKey(fact));

    /// <summary>The message in these words. A fact that it lacks is left out.</summary>
    public NoticeMessage Fill(NoticeMessage message) => message with
    {
        Title = Title is null ? message.Title : string.Join(' ', Filled(Title, message).Split('\n', StringSplitOptions.TrimEntries)),
        Text = Text is null ? message.Text : Filled(Text, message),
    };

    private static string Filled(string words, NoticeMessage message) =>
        Braces().Replace(words, match => s_facts[match.Groups["fact"].Value](message) ?? "").Trim();

    [GeneratedRegex(@"\{(?<fact>[^{}\n]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Braces();
}
