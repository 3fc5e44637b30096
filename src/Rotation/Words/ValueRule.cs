namespace Rotunda.Rotation.Words;

/// <summary>How a value is made where we make it.</summary>
/// <param name="Length">Characters for text, random bytes for hex, base64 and base64url.</param>
/// <param name="Alphabet">The characters of text; null for letters and digits.</param>
/// <param name="Prefix">Put in front, for example "whsec_".</param>
public sealed record ValueRule(ValueFormat Format, int Length, string? Alphabet = null, string? Prefix = null)
{
    public static ValueRule Default { get; } = new(ValueFormat.Text, 40);
}
