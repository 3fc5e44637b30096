using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.References;

/// <summary>The values one activity has touched, in every form they may turn up in. Takes them out of texts that leave the
/// activity.</summary>
public sealed class SecretScope
{
    private const string Mask = "***";
    private const int ShortestPart = 8;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _forms = new(StringComparer.Ordinal);

    /// <summary>Outside calls begun so far: while it is 0, nothing can have happened.</summary>
    public int OutsideCalls { get; private set; }

    public void CountOutsideCall() => OutsideCalls++;

    public SecretValue Register(SecretValue value)
    {
        lock (_gate)
        {
            foreach (var form in FormsOf(value.RevealBytes().ToArray()))
            {
                _forms.Add(form);
            }
        }

        return value;
    }

    public string Redact(string text)
    {
        lock (_gate)
        {
            // The longest first: one form may hold another.
            foreach (var form in _forms.OrderByDescending(form => form.Length))
            {
                text = text.Replace(form, Mask, StringComparison.OrdinalIgnoreCase);
            }
        }

        return text;
    }

    public StepOutcome Redact(StepOutcome outcome) => outcome with
    {
        Reason = outcome.Reason is null ? null : Redact(outcome.Reason),
        Facts = outcome.Facts?.ToDictionary(fact => fact.Key, fact => Redact(fact.Value), StringComparer.Ordinal),
    };

    private static IEnumerable<string> FormsOf(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            yield break;
        }

        var text = Encoding.UTF8.GetString(bytes);
        yield return text;
        yield return Uri.EscapeDataString(text);
        yield return WebUtility.UrlEncode(text);
        yield return JsonEncodedText.Encode(text).ToString();
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToBase64String(bytes);
        yield return Base64Url.EncodeToString(bytes);
        foreach (var part in Base64Parts(bytes))
        {
            yield return part;
            yield return part.Replace('+', '-').Replace('/', '_');
        }

        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length >= ShortestPart && line.Length < text.Length))
        {
            yield return line;
        }
    }

    /// <summary>What base64 of a longer text shows of the value (as in "Basic user:password"), for each of the three alignments.</summary>
    private static IEnumerable<string> Base64Parts(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var base64 = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var first = (before * 8 + 5) / 6;
            var last = (before + bytes.Length) * 8 / 6;
            if (last - first >= ShortestPart)
            {
                yield return base64[first..last];
            }
        }
    }
}
