using System.Globalization;
using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads single values strictly: a wrong type is a problem, never a guess.</summary>
internal static class CatalogScalars
{
    private const int LongestEcho = 60;

    public static string? Text(YamlNode node, string path, CatalogProblems problems)
    {
        if (!IsScalar(node, path, "a text", problems))
        {
            return null;
        }
        if (node.Text.Trim().Length == 0)
        {
            problems.Add(node, $"{path}: is empty. Give it a text, or remove the line.");
            return null;
        }
        return node.Text;
    }

    public static long? Integer(YamlNode node, string path, CatalogProblems problems, long min = long.MinValue, long max = long.MaxValue)
    {
        if (!IsScalar(node, path, "a whole number", problems))
        {
            return null;
        }
        if (!node.Plain || !long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problems.Add(node, $"{path}: must be a whole number without quotes, but is {Echo(node)}.");
            return null;
        }
        if (number < min || number > max)
        {
            problems.Add(node, $"{path}: must be from {min} to {max}, but is {number}.");
            return null;
        }
        return number;
    }

    public static bool? Boolean(YamlNode node, string path, CatalogProblems problems)
    {
        if (!IsScalar(node, path, "true or false", problems))
        {
            return null;
        }
        switch (node.Plain ? node.Text : "")
        {
            case "true":
                return true;
            case "false":
                return false;
            default:
                problems.Add(node, $"{path}: must be true or false without quotes, but is {Echo(node)}.");
                return null;
        }
    }

    public static TimeSpan? Duration(YamlNode node, string path, CatalogProblems problems, bool allowZero = false)
    {
        if (!IsScalar(node, path, "a duration", problems))
        {
            return null;
        }
        if (!DurationText.TryParse(node.Text, out var duration))
        {
            problems.Add(node, node.Text.StartsWith('-')
                ? $"{path}: must not be negative, but is {Echo(node)}."
                : $"{path}: must be a duration such as 30s, 15m, 2h, 7d or 1d12h (at most 3650d), but is {Echo(node)}.");
            return null;
        }
        if (duration == TimeSpan.Zero && !allowZero)
        {
            problems.Add(node, $"{path}: must be longer than zero.");
            return null;
        }
        return duration;
    }

    public static T? Choice<T>(YamlNode node, string path, CatalogProblems problems, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (node.Kind == YamlNodeKind.Scalar && !node.IsNothing && choices.TryGetValue(node.Text, out var choice))
        {
            return choice;
        }
        if (!IsScalar(node, path, $"one of {string.Join(", ", choices.Keys)}", problems))
        {
            return null;
        }
        problems.Add(
            node,
            $"{path}: must be one of {string.Join(", ", choices.Keys)}, but is {Echo(node)}. {Suggestion.For(node.Text, choices.Keys)}");
        return null;
    }

    /// <summary>A list with no text twice.</summary>
    public static IReadOnlyList<string>? Texts(YamlNode node, string path, CatalogProblems problems)
    {
        if (node.Kind != YamlNodeKind.List)
        {
            problems.Add(node, $"{path}: must be a list of texts such as [a, b], but is {node.Described}.");
            return null;
        }
        var texts = new List<string>();
        foreach (var item in node.Items)
        {
            if (Text(item, path, problems) is { } text)
            {
                if (texts.Contains(text, StringComparer.Ordinal))
                {
                    problems.Add(item, $"{path}: has {Echo(item)} twice. Remove one.");
                }
                texts.Add(text);
            }
        }
        return texts;
    }

    /// <summary>A reference. What stands there is never repeated: it may be the secret itself.</summary>
    public static string? Reference(YamlNode node, string path, string folder, CatalogProblems problems)
    {
        if (!IsScalar(node, path, $"a reference ({SecretReference.Forms})", problems))
        {
            return null;
        }
        if (SecretReference.TryParse(node.Text, out var reference))
        {
            return reference.In(folder).ToString();
        }
        problems.Add(node, SchemeOf(node.Text) is { } scheme
            ? $"{path}: is not a well-formed {scheme}: reference. Write {SecretReference.Forms}."
            : $"{path}: is a secret, and secrets are never written into the catalog. Put the value elsewhere and refer to it: "
                + $"{SecretReference.Forms}. If this was a real value, treat it as leaked.");
        return null;
    }

    public static bool IsScalar(YamlNode node, string path, string wanted, CatalogProblems problems)
    {
        if (node.Kind == YamlNodeKind.Scalar && !node.IsNothing)
        {
            return true;
        }
        problems.Add(
            node,
            $"{path}: must be {wanted}, but is {node.Described}.{(node.IsNothing ? " Give it a value, or remove the line." : "")}");
        return false;
    }

    public static string Echo(YamlNode node)
    {
        var text = node.Text.Length > LongestEcho ? string.Concat(node.Text.AsSpan(0, LongestEcho), "…") : node.Text;
        return $"\"{new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)])}\"";
    }

    private static string? SchemeOf(string text) =>
        new[] { SecretReference.Env, SecretReference.File, SecretReference.Store, SecretReference.KeyVault }
            .FirstOrDefault(s => text.StartsWith(s + ":", StringComparison.Ordinal));
}
