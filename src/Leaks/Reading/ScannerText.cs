using System.Text;

namespace Rotunda.Leaks.Reading;

/// <summary>Files of scanners as they come: PowerShell's ">" writes UTF-16, and editors put a mark before UTF-8.</summary>
public static class ScannerText
{
    /// <returns>The text as UTF-8 without a mark: a part of what was given, or a copy of it.</returns>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> text) => text.Span switch
    {
        [0xEF, 0xBB, 0xBF, ..] => text[3..],
        [0xFF, 0xFE, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, text[2..].ToArray()),
        [0xFE, 0xFF, ..] => Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, text[2..].ToArray()),
        _ => text,
    };
}
