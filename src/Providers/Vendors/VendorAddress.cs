using System.Text.RegularExpressions;

namespace Rotunda.Providers.Vendors;

/// <summary>Addresses that name settings, as https://{account}.example.com.</summary>
internal static partial class VendorAddress
{
    /// <summary>With the settings in it: parts of a host's name and nothing else.</summary>
    public static string Of(VendorCall call, string address) => Setting().Replace(
        address,
        match => call.Text(match.Groups[1].Value) is var text
        && text.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '.' or '_')
        ? text
        : throw call.Rejected($"'{match.Groups[1].Value}' is no part of an address: '{text}'."));

    [GeneratedRegex(@"\{(\w+)}", RegexOptions.None, 1000)]
    private static partial Regex Setting();
}
