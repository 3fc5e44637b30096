using System.Text.RegularExpressions;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

/// <summary>What is told of the options in front of a key: they say what it may do, so none is given or left out without a word.</summary>
internal static partial class AuthorizedOptions
{
    /// <param name="set">What the catalog says; null if nothing.</param>
    /// <param name="inUse">Those of the line of the key in use; null if no such line is known.</param>
    /// <param name="isDelivered">False before the keys are known.</param>
    public static (string Name, string? Value)[] Told(string? set, string? inUse, bool isDelivered)
    {
        var unknown = isDelivered
            ? "none: no line of the key in use stands in the file"
            : "those of the line of the key in use, as far as it stands in the file";
        return
        [
            ("optionsOfNewKeys", set is null && inUse is null ? unknown : Shown(set ?? inUse!)),
            ("optionsNotTakenOver", set is not null && inUse is { Length: > 0 } && inUse != set ? Shown(inUse) : null),
        ];
    }

    /// <summary>Variables may hold secrets: only their names are shown.</summary>
    private static string Shown(string options) =>
        options.Length == 0 ? "none" : Environment().Replace(options, "environment=\"${name}=…\"");

    [GeneratedRegex(
        @"environment=""(?<name>[^=""]*)=(?:[^""\\]|\\.)*""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Environment();
}
