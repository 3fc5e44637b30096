using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Providers.Clients.Aws;

/// <summary>
/// Signature Version 4 for requests with a body in memory. By hand because the SDK's signer takes requests of its own and the
/// machine's clock; checked against the published test suite.
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The headers that sign the request: X-Amz-Date, the session's token if there is one, and Authorization.</summary>
    /// <param name="headers">Those that are signed besides; the host is added.</param>
    public static IReadOnlyList<(string Name, string Value)> Sign(
        string method,
        Uri address,
        IReadOnlyList<(string Name, string Value)> headers,
        ReadOnlySpan<byte> body,
        AwsCredentials credentials,
        string region,
        string service,
        DateTimeOffset at)
    {
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<(string Name, string Value)> added = [("X-Amz-Date", stamp)];
        if (credentials.SessionToken is { } token)
        {
            added.Add(("X-Amz-Security-Token", token));
        }

        var signed = headers.Concat(added).Append(("Host", address.IsDefaultPort ? address.Host : address.Authority))
            .GroupBy(header => header.Item1.ToLowerInvariant(), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Value: string.Join(',', group.Select(header => Trimmed(header.Item2))))).ToList();
        var names = string.Join(';', signed.Select(header => header.Name));
        var canonical = string.Join('\n',
            method,
            Path(address),
            Query(address),
            string.Concat(signed.Select(header => $"{header.Name}:{header.Value}\n")),
            names,
            Convert.ToHexStringLower(SHA256.HashData(body)));
        var scope = $"{stamp[..8]}/{region}/{service}/aws4_request";
        var text = string.Join('\n', Algorithm, stamp, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        added.Add(
            (
                "Authorization",
                $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, "
                    + $"Signature={Signature(credentials, stamp[..8], region, service, text)}"));
        return added;
    }

    private static string Signature(AwsCredentials credentials, string date, string region, string service, string text)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey);
        foreach (var part in new[] { date, region, service, "aws4_request" })
        {
            var next = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        CryptographicOperations.ZeroMemory(key);
        return signature;
    }

    /// <summary>Each segment of the escaped path is escaped once more, as all services but S3 want it.</summary>
    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri address) =>
        string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).Select(pair => (Name: Escaped(pair[0]), Value: Escaped(pair.Length > 1 ? pair[1] : "")))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Escaped(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
