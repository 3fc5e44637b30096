using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Webhook;

/// <summary>
/// How a request proves where it comes from and whom it is for: HMAC-SHA256 over its moment, its audience and its body, one for each key.
/// A request cannot be played again to another service that knows the same key.
/// </summary>
internal static class WebhookSignature
{
    public const string TimestampHeader = "Rotunda-Timestamp";
    public const string SignatureHeader = "Rotunda-Signature";
    public const int ShortestKey = 16;

    /// <param name="audience">One line: the service's address, or what the catalog says instead.</param>
    public static (string Timestamp, string Signature) Of(
        string audience,
        ReadOnlySpan<byte> body,
        DateTimeOffset now,
        params IReadOnlyList<SecretValue> keys)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v1.{timestamp}.{audience}\n"), .. body];
        try
        {
            return (
                timestamp,
                string.Join(',', keys.Select(key => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(key.RevealBytes(), signed)))));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(signed);
        }
    }
}
