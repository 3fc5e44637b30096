using System.Text;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>Values that must never come back, in any of the forms in which they could.</summary>
public sealed class Canaries
{
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    public void Add(string value)
    {
        if (value.Length > 0)
        {
            _values.Add(value);
        }
    }

    /// <summary>The form in which one of them stands in the text; null if none does.</summary>
    public string? FoundIn(string text) =>
        _values.SelectMany(Forms).FirstOrDefault(form => text.Contains(form.Text, StringComparison.OrdinalIgnoreCase)).Name;

    private static IEnumerable<(string Name, string Text)> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        yield return ("plain", value);
        yield return ("percent-encoded", Uri.EscapeDataString(value));
        yield return ("hex", Convert.ToHexString(bytes));

        // Within a longer base64 text a value starts at one of three positions: compare what does not depend on the neighbours.
        for (var shift = 0; shift < 3; shift++)
        {
            var encoded = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var from = shift == 0 ? 0 : shift + 1;
            var to = (shift + bytes.Length) * 8 / 6;
            if (to - from >= 8)
            {
                yield return ("base64", encoded[from..to]);
                yield return ("base64url", encoded[from..to].Replace('+', '-').Replace('/', '_'));
            }
        }
    }
}
