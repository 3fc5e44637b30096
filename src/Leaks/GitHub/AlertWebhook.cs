using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.GitHub;

/// <summary>
/// Reads the webhook <c>secret_scanning_alert</c> of GitHub
/// (https://docs.github.com/en/webhooks/webhook-events-and-payloads#secret_scanning_alert). It carries no value: that is read by the
/// alert's number afterwards.
/// </summary>
public static partial class AlertWebhook
{
    public const string Event = "secret_scanning_alert";
    private const string Prefix = "sha256=";
    private static readonly string[] s_opening = ["created", "reopened", "publicly_leaked", "validated"];

    /// <summary>True for what has the form of a signature.</summary>
    public static bool IsSignature(string? signature) => signature is { Length: 71 }
        && signature.StartsWith(Prefix, StringComparison.Ordinal) && signature[Prefix.Length..].All(char.IsAsciiHexDigit);

    /// <summary>True if whoever sent it knows the webhook's secret
    /// (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries).</summary>
    /// <param name="signature">The header X-Hub-Signature-256.</param>
    public static bool IsSigned(ReadOnlySpan<byte> body, string? signature, SecretValue secret)
    {
        if (signature is null || !signature.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(secret.RevealBytes(), body));
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature[Prefix.Length..].ToLowerInvariant()));
    }

    /// <returns>Null for what asks for nothing: an alert that was closed, or a field that is missing.</returns>
    public static (string Repository, long Number)? Opened(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("action", out var action) && action.ValueKind == JsonValueKind.String
                && s_opening.Contains(action.GetString(), StringComparer.Ordinal)
                && root.TryGetProperty("repository", out var repository) && repository.ValueKind == JsonValueKind.Object
                && repository.TryGetProperty("full_name", out var name) && name.ValueKind == JsonValueKind.String
                && IsRepository(name.GetString()!)
                && root.TryGetProperty("alert", out var alert) && alert.ValueKind == JsonValueKind.Object
                && alert.TryGetProperty("number", out var number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt64(out var value) && value > 0
                    ? (name.GetString()!, value)
                    : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second is for half a character, which JSON may hold.
            return null;
        }
    }

    public static bool IsRepository(string name) => Repository().IsMatch(name) && !name.Split('/').Any(part => part is "." or "..");

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Repository();
}
