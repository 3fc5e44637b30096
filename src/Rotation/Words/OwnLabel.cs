using System.Globalization;

namespace Rotunda.Rotation.Words;

/// <summary>
/// The label of a credential that a rotation makes: the secret, the rotation's number, and a part of the secret's salt, which no other
/// ledger has. What another installation makes at the same account is never taken for ours.
/// </summary>
public static class OwnLabel
{
    private const int SaltDigits = 6;

    /// <param name="planned">As the plan says it.</param>
    /// <param name="generation">1 for the rotation's first value; later ones say theirs, so that a lost one is told apart.</param>
    public static string Of(string planned, string salt, long generation)
    {
        var label = $"{planned}-{PartOf(salt)}";
        return generation == 1 ? label : string.Create(CultureInfo.InvariantCulture, $"{label}-g{generation}");
    }

    /// <summary>True for a label that a rotation of this secret gives or will give, as this ledger knows the secret.</summary>
    public static bool Is(string secret, string salt, string label)
    {
        var (begin, part) = ($"rotunda-{secret}-", PartOf(salt));
        if (!label.StartsWith(begin, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = label[begin.Length..].Split('-');
        return parts.Length is 2 or 3
            && parts[0].Length > 0
            && parts[0].All(char.IsAsciiDigit)
            && parts[1] == part
            && (parts.Length == 2 || (parts[2].Length > 1 && parts[2][0] == 'g' && parts[2][1..].All(char.IsAsciiDigit)));
    }

    private static string PartOf(string salt) => salt[..Math.Min(salt.Length, SaltDigits)];
}
