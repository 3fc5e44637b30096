using System.Globalization;
using System.Text.Json;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Reading;

/// <summary>
/// Reads what scanners write: TruffleHog's JSON lines (https://github.com/trufflesecurity/trufflehog, --json), gitleaks' report
/// (https://github.com/gitleaks/gitleaks, a JSON array), and objects of our own with "value" and "where". Arrays, single objects and one
/// object a line may be mixed.
/// </summary>
public static class FindingsReader
{
    /// <summary>So many at once: each costs a look at every secret.</summary>
    public const int Most = 200;

    /// <exception cref="FindingsException">It cannot be read, or holds no values.</exception>
    public static IReadOnlyList<Finding> Read(ReadOnlyMemory<byte> text)
    {
        var findings = new List<Finding>();
        try
        {
            var reader = new Utf8JsonReader(
                ScannerText.Utf8(text).Span, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 32 });
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                Add(findings, value.RootElement);
            }

            return findings;
        }
        catch (JsonException problem)
        {
            Dispose(findings);
            throw new FindingsException(string.Create(
                CultureInfo.InvariantCulture,
                $"Line {(problem.LineNumber ?? 0) + 1} is no JSON. Send what TruffleHog or gitleaks wrote, as it is."));
        }
        catch (InvalidOperationException)
        {
            // JSON may hold half a character (\ud800), of which no text can be made.
            Dispose(findings);
            throw new FindingsException(string.Create(
                CultureInfo.InvariantCulture,
                $"Finding {findings.Count + 1} has a text with half a character in it (\\ud800 to \\udfff)."));
        }
        catch
        {
            Dispose(findings);
            throw;
        }
    }

    private static void Add(List<Finding> findings, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Add(findings, item);
            }

            return;
        }

        if (findings.Count >= Most)
        {
            throw new FindingsException($"There are more than {Most} findings. Send them in parts.");
        }

        findings.Add(Of(value, findings.Count + 1));
    }

    private static Finding Of(JsonElement finding, int number)
    {
        var (kind, values) = finding.ValueKind != JsonValueKind.Object ? ("", [])
            : finding.TryGetProperty("DetectorName", out _) ? ("TruffleHog", Values(finding, "Raw", "RawV2"))
            : finding.TryGetProperty("RuleID", out _) ? ("gitleaks", Values(finding, "Secret", "Match"))
            : finding.TryGetProperty("value", out _) ? ("", Values(finding, "value"))
            : ("", (List<string>)[]);
        if (values.Count == 0 || values.TrueForAll(IsMasked))
        {
            throw new FindingsException(string.Create(
                CultureInfo.InvariantCulture,
                $"Finding {number} has no value: a finding of TruffleHog has it in Raw, one of gitleaks in Secret (without --redact), "
                    + $"and any other has to be {{\"value\": …, \"where\": …}}."));
        }

        return new Finding([.. values.Select(SecretValue.FromText)], FindingPlace.Of(finding, kind, values));
    }

    private static List<string> Values(JsonElement finding, params ReadOnlySpan<string> names)
    {
        var values = new List<string>();
        foreach (var name in names)
        {
            if (finding.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: > 0 } text && !values.Contains(text, StringComparer.Ordinal))
            {
                values.Add(text);
            }
        }

        return values;
    }

    private static bool IsMasked(string value) => value == "REDACTED" || value.All(symbol => symbol is '*' or '.');

    private static void Dispose(List<Finding> findings) => findings.ForEach(finding => finding.Dispose());
}
