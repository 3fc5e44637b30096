using System.Text.RegularExpressions;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

/// <summary>What is told of the options in front of a key: they say what it may do, so none is given or left out without a word.</summary>
internal static partial class AuthorizedOptions
{
    /// <summary>Those of sshd(8), in any case. Those in front of "=" take a value.</summary>
    private static readonly string[] Known =
    [
        "agent-forwarding", "cert-authority", "command=", "environment=", "expiry-time=", "from=", "no-agent-forwarding",
        "no-port-forwarding", "no-pty", "no-touch-required", "no-user-rc", "no-X11-forwarding", "permitlisten=", "permitopen=",
        "port-forwarding", "principals=", "pty", "restrict", "touch-required", "tunnel=", "user-rc", "verify-required", "X11-forwarding",
    ];

    /// <summary>Why sshd would ignore a line with these options, and with it the new key; null where it would not.</summary>
    public static string? WhyIgnored(string? options)
    {
        var names = string.IsNullOrEmpty(options) ? [] : Quoted().Replace(options, "").Split(',').Select(
            one => one.Split('=', 2) is [var name, _] ? $"{name}=" : one);
        return names.FirstOrDefault(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } wrong
            ? $"'options' has \"{wrong.TrimEnd('=')}\", which sshd does not know so: it would ignore the whole line and the new key. "
                + (Suggestion.Near(wrong, Known) is { } near ? $"Did you mean {near.TrimEnd('=')}{(near.EndsWith('=') ? "=\"…\"" : "")}?"
                    : "See man sshd, AUTHORIZED_KEYS FILE FORMAT.")
            : null;
    }

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

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"environment=""(?<name>[^=""]*)=(?:[^""\\]|\\.)*""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Environment();
}
