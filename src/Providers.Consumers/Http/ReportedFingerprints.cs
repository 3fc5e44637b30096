using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

/// <summary>What an instance says that it uses.</summary>
/// <param name="TellsSecondary">False where it told the primary only.</param>
internal sealed record ReportedFingerprints(string? Primary, string? Secondary, bool TellsSecondary)
{
    public static ReportedFingerprints Read(string body)
    {
        var text = body.Trim();
        if (!text.StartsWith('{'))
        {
            return new(text.Trim('"'), null, false);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var tells = document.RootElement.TryGetProperty("secondary", out var secondary);
            return new(
                document.RootElement.TryGetProperty("primary", out var primary) ? Text(primary) : null,
                tells ? Text(secondary) : null,
                true);
        }
        catch (JsonException)
        {
            return new(null, null, false);
        }
    }

    /// <summary>Null if it is what is expected.</summary>
    public string? Mismatch(ExpectedFingerprints expected) =>
        !Same(Primary, expected.Primary) ? $"uses {Shown(Primary)}, expected {expected.Primary}"
        : TellsSecondary
            && !Same(Secondary, expected.Secondary) ? $"uses {Shown(Secondary)} as secondary, expected {expected.Secondary ?? "none"}"
        : null;

    private static string? Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Only what looks like a fingerprint is repeated: an instance that answers with the value itself must not leak it.</summary>
    private static string Shown(string? text) =>
        text is null
            ? "none"
            : text.Length == Fingerprint.HexDigits && text.All(char.IsAsciiHexDigit) ? text : "something that is no fingerprint";
}
