using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Providers.Contract;

/// <summary>
/// The name that a store keeps a capture under: what stood at one target before one rotation. Each has its own, so that it can be
/// taken away as a whole, and so that captures of many rotations never fill up what a store allows for one name.
/// </summary>
public static class CaptureName
{
    private const int HashDigits = 8;

    public static string Of(string secret, int number, string rotation, string target)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rotation}\n{target}")));
        return string.Create(CultureInfo.InvariantCulture, $"{secret}-capture-{number}-{hash[..HashDigits]}");
    }

    /// <summary>As long as one of this secret can get: for checks beforehand.</summary>
    public static string Longest(string secret) => Of(secret, 999_999, "", "");
}
