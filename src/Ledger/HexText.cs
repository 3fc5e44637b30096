using System.Buffers;
using System.Globalization;

namespace Rotunda.Ledger;

/// <summary>A text that is mostly sixteen bytes in hex, which take a fifth of the memory; any other text too.</summary>
internal readonly record struct HexText
{
    private const int Digits = 32;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _bytes;

    /// <summary>Null for sixteen bytes.</summary>
    private readonly string? _other;

    public HexText(string text)
    {
        if (text.Length == Digits && !text.AsSpan().ContainsAnyExcept(s_digits))
        {
            _bytes = UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
        else
        {
            _other = text;
        }
    }

    public override string ToString() => _other ?? _bytes.ToString("x32", CultureInfo.InvariantCulture);
}
