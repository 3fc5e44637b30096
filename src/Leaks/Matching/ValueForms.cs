using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Matching;

/// <summary>
/// The values that may be meant by a text that a scanner found: itself, and what is inside where it is encoded or stands in a line of
/// settings, a connection text or a header. What is tried is cheap and bounded; encryption and compression are not looked through.
/// </summary>
public sealed partial class ValueForms : IDisposable
{
    /// <summary>A shorter one could be guessed by asking, so it is not looked for.</summary>
    public const int Shortest = 8;

    /// <summary>No secret is longer; each secret's salt takes one hash over all of it.</summary>
    private const int Largest = 64 * 1024;

    /// <summary>Of lines and connection texts in one finding: else one value would be many guesses.</summary>
    private const int MostPairs = 2;

    private const int Most = 24;
    private const int Deepest = 3;
    private readonly List<SecretValue> _forms = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public ValueForms(SecretValue found)
    {
        Add(found.RevealText(), 0);
        _seen.Clear();
    }

    /// <summary>How many a look at this value tries; at least 1.</summary>
    public static int CountOf(SecretValue found)
    {
        using var forms = new ValueForms(found);
        return Math.Max(1, forms.All.Count);
    }

    /// <summary>The most likely one first; empty for one that is too short.</summary>
    public IReadOnlyList<SecretValue> All => _forms;

    public void Dispose()
    {
        _forms.ForEach(form => form.Dispose());
        _forms.Clear();
    }

    private void Add(string text, int depth)
    {
        if (text.Length is < Shortest or > Largest || _forms.Count >= Most || !_seen.Add(text))
        {
            return;
        }

        _forms.Add(SecretValue.FromText(text));
        if (depth >= Deepest)
        {
            return;
        }

        foreach (var inner in Inner(text))
        {
            Add(inner, depth + 1);
        }

        AddDecoded(text, depth);
    }

    private static IEnumerable<string> Inner(string text)
    {
        yield return text.Trim().Trim('"', '\'', '`', '\uFEFF').Trim();
        // A key file is kept with the line end that scanners cut off.
        if (text.StartsWith("-----BEGIN ", StringComparison.Ordinal))
        {
            yield return text.TrimEnd() + "\n";
        }

        if (text.Contains('%', StringComparison.Ordinal))
        {
            yield return Uri.UnescapeDataString(text);
        }

        if (text.Contains('\\', StringComparison.Ordinal) && Unescaped(text) is { } plain)
        {
            yield return plain;
        }

        foreach (var part in new[] { Address(), Pair(), Line(), Scheme() }.SelectMany(form => form.Matches(text).Take(MostPairs)))
        {
            yield return part.Groups["value"].Value.Trim('"', '\'');
        }

        if (UserAndPassword().Match(text) is { Success: true } both)
        {
            yield return both.Groups["value"].Value;
        }
    }

    private void AddDecoded(string text, int depth)
    {
        if (!Base64().IsMatch(text))
        {
            return;
        }

        var padded = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        padded += new string('=', (4 - (padded.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length) || length < Shortest)
        {
            return;
        }

        try
        {
            Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length), depth + 1);
        }
        catch (DecoderFallbackException)
        {
            if (_forms.Count < Most)
            {
                _forms.Add(SecretValue.FromBytes(bytes.AsSpan(0, length)));
            }
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static string? Unescaped(string text)
    {
        try
        {
            using var json = JsonDocument.Parse($"\"{text.Trim('"')}\"");
            return json.RootElement.GetString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The password of an address.</summary>
    [GeneratedRegex("""^\s*[A-Za-z][A-Za-z0-9+.-]*://[^/?#:@\s]*:(?<value>[^/?#\s]+)@""", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    /// <summary>The password of a connection text: Password=…; or password='…'.</summary>
    [GeneratedRegex(
        """(?i)(?:^|[;\s])(?:password|pwd|accountkey|sharedaccesskey|passwd)\s*=\s*"""
            + """(?:"(?<value>[^"]+)"|'(?<value>[^']+)'|(?<value>[^;\s"']+))""",
        RegexOptions.NonBacktracking)]
    private static partial Regex Pair();

    /// <summary>NAME=value and NAME: value, as in files of settings.</summary>
    [GeneratedRegex(
        """^\s*(?:export\s+)?"?[A-Za-z_][A-Za-z0-9_.-]{0,100}"?\s*[=:]\s*(?<value>\S.*?)[\s,;]*$""", RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    /// <summary>What stands in a header.</summary>
    [GeneratedRegex("""(?i)^\s*(?:authorization:\s*)?(?:bearer|basic|token)\s+(?<value>\S+)\s*$""", RegexOptions.NonBacktracking)]
    private static partial Regex Scheme();

    /// <summary>As HTTP's Basic has it.</summary>
    [GeneratedRegex("""^[^:\s/]{1,100}:(?<value>[^\s]+)$""", RegexOptions.NonBacktracking)]
    private static partial Regex UserAndPassword();

    [GeneratedRegex("""^[A-Za-z0-9+/_-]{8,}={0,2}$""", RegexOptions.NonBacktracking)]
    private static partial Regex Base64();
}
