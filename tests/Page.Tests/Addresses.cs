using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Waits for an address by asking again and again: whoever waits for a navigation instead may begin right after it.</summary>
internal static class Addresses
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <param name="end">What the address ends with.</param>
    public static Task UntilAtAsync(this IPage page, string end) => UntilAsync(page, Regex.Escape(end) + "$");

    /// <param name="part">What the address has no more.</param>
    public static Task UntilAwayFromAsync(this IPage page, string part) => UntilAsync(page, $"^(?!.*{Regex.Escape(part)})");

    private static Task UntilAsync(IPage page, string pattern) => Assertions.Expect(page).ToHaveURLAsync(
        new Regex(pattern, RegexOptions.None, Longest));
}
