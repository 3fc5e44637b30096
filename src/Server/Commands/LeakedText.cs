using System.Globalization;
using System.Text;
using System.Text.Json;
using Rotunda.Leaks.Matching;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Views;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>What a person gives by hand as a leaked value, as the server takes it.</summary>
internal static class LeakedText
{
    private const string KeyFile = "-----BEGIN ";
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole of it; and where it has several lines and is no key, each line too, since it may be a file of settings.</summary>
    /// <exception cref="CommandException">It is a scanner's report, or too much.</exception>
    public static IReadOnlyList<LeakBody> Of(SecretValue given, string? where)
    {
        var bytes = ScannerText.Utf8(given.RevealBytes().ToArray());
        string text;
        try
        {
            text = s_strict.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            // No text: the server knows a value again in base64.
            return [new LeakBody(Convert.ToBase64String(bytes.Span), where)];
        }

        if (IsReport(text))
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                "That is a scanner's report, not one value, and nothing was sent. Send it with: rotunda leak --file -");
        }

        var lines = text.Split('\n').Select((line, at) => (Text: line.Trim(), Number: at + 1))
            .Where(line => line.Text.Length >= ValueForms.Shortest).ToList();
        if (lines.Count < 2 || text.Contains(KeyFile, StringComparison.Ordinal))
        {
            return [new LeakBody(text, where)];
        }

        return lines.Count < FindingsReader.Most
            ? [new LeakBody(text, where), .. lines.Select(line => new LeakBody(line.Text, PlaceOf(where, line.Number)))]
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"That has {lines.Count} lines, and nothing was sent. Let a scanner find the values in it (gitleaks, TruffleHog), and send "
                    + "its report with: rotunda leak --file FILE");
    }

    private static string PlaceOf(string? where, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"{where ?? "by hand"}, line {line}");

    /// <summary>True for findings of TruffleHog or gitleaks: as one value they would be unknown, whatever they hold.</summary>
    private static bool IsReport(string text)
    {
        if (text.TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
            using var json = JsonDocument.ParseValue(ref reader);
            var first = json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() > 0
                ? json.RootElement[0]
                : json.RootElement;
            return first.ValueKind == JsonValueKind.Object
                && (first.TryGetProperty("RuleID", out _) || first.TryGetProperty("DetectorName", out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
