using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// A path (and query) below a vendor's address, written as an interpolated text: what stands in braces is escaped, so that no setting
/// can lead elsewhere.
/// </summary>
[InterpolatedStringHandler]
internal sealed class VendorPath(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    /// <summary>For where the compiler would otherwise make a text of it.</summary>
    public static VendorPath Of(VendorPath path) => path;

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string part) => _text.Append(
        part is "" or "." or ".."
            ? throw new OutcomeException(StepOutcome.Rejected($"'{part}' in the settings is no name. Correct it."))
            : Uri.EscapeDataString(part));

    public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A path that is one already.</summary>
    public void AppendFormatted(VendorPath path) => _text.Append(path._text);

    public override string ToString() => _text.ToString();
}
