using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.Webhook;

/// <summary>How a request proves where it comes from: HMAC-SHA256 over its moment and its body, one for each key.</summary>
internal static class WebhookSignature
{
    public const string TimestampHeader = "Rotunda-Timestamp";
    public const string SignatureHeader = "Rotunda-Signature";
    public const int ShortestKey = 16;

    public static (string Timestamp, string Signature) Of(ReadOnlySpan<byte> body, DateTimeOffset now, params IReadOnlyList<SecretValue> keys)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v1.{timestamp}."), .. body];
        try
        {
            return (timestamp, string.Join(',', keys.Select(key => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(key.RevealBytes(), signed)))));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(signed);
        }
    }
}
