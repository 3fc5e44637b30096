using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>
/// What a system takes as the label of a credential. Rotunda's labels have small letters, digits and hyphens; one that does not fit is
/// put into a form that does, the same form each time, so that it is found again.
/// </summary>
/// <param name="Longest">The most characters.</param>
/// <param name="Dash">What stands for a hyphen.</param>
public sealed record LabelRule(int Longest = LabelRule.Usual, char Dash = '-')
{
    /// <summary>As long as one of Rotunda's labels can get, and more.</summary>
    public const int Usual = 128;

    private const int HashDigits = 8;

    /// <summary>The label as it stands there.</summary>
    public string Fit(string label)
    {
        var text = label.Replace('-', Dash);
        return text.Length <= Longest
            ? text
            : $"{text[..(Longest - HashDigits - 1)]}{Dash}"
                + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..HashDigits]}";
    }

    /// <summary>True if what was read there is the label.</summary>
    public bool IsOf(string label, string? read) => read is not null && (read == label || read == Fit(label));
}
