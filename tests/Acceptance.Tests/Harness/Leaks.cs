using System.Text;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>Searches bytes for values, plain and as they may be dressed.</summary>
internal static class Leaks
{
    /// <returns>The forms that were found, without the values themselves.</returns>
    public static IEnumerable<string> Find(byte[] place, IEnumerable<string> values)
    {
        var text = Encoding.Latin1.GetString(place);
        var found = new List<string>();
        foreach (var value in values)
        {
            foreach (var (form, dressed) in Forms(value))
            {
                if (text.Contains(dressed, StringComparison.OrdinalIgnoreCase))
                {
                    found.Add($"{form} of a value of {value.Length} characters");
                }
            }
        }

        return found;
    }

    private static IEnumerable<(string Form, string Text)> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        yield return ("plain", value);
        yield return ("reversed", new string([.. value.Reverse()]));
        yield return ("hex", Convert.ToHexString(bytes));
        yield return ("URL-encoded", Uri.EscapeDataString(value));
        yield return ("JSON-escaped", System.Text.Json.JsonSerializer.Serialize(value).Trim('"'));
        yield return ("UTF-16", string.Concat(value.Select(c => $"{c}\0")));

        // Inside a longer base64 text a value begins at any of three places: what does not depend on its neighbours is compared.
        for (var shift = 0; shift < 3; shift++)
        {
            var encoded = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var inner = encoded[(shift == 0 ? 0 : 4)..(encoded.Length - 4)];
            yield return ("base64", inner);
            yield return ("base64url", inner.Replace('+', '-').Replace('/', '_'));
        }
    }
}
