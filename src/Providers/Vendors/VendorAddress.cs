using System.Text.RegularExpressions;

namespace Rotunda.Providers.Vendors;

/// <summary>Addresses that name settings, as https://{account}.example.com.</summary>
internal static partial class VendorAddress
{
    /// <summary>With the settings in it: parts of a host's name and nothing else.</summary>
    public static string Of(VendorCall call, string address) => Setting().Replace(
        address,
        match => call.Text(match.Groups["setting"].Value) is var text
        && text.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '.' or '_')
        ? text
        : throw call.Rejected($"'{match.Groups["setting"].Value}' is no part of an address: '{text}'. Correct it."));

    [GeneratedRegex(@"\{(?<setting>\w+)}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
