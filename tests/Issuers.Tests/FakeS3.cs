using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>What S3 and those who copy it answer to who may not list buckets; the signature is made again, and compared.</summary>
internal static partial class FakeS3
{
    public static FakeReply ListBuckets(FakeRequest request, IEnumerable<FakeKey> keys, string region)
    {
        var key = KeyOf(request, keys, region, "s3");
        var code = key is null ? "InvalidAccessKeyId" : "AccessDenied";
        return FakeReply.Text(403, $"<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>", "application/xml");
    }

    /// <summary>Whose signature it is; null if it is nobody's.</summary>
    public static FakeKey? KeyOf(FakeRequest request, IEnumerable<FakeKey> keys, string region, string service)
    {
        var told = request.Header("Authorization") ?? "";
        var (date, digest) = (request.Header("X-Amz-Date") ?? "", request.Header("x-amz-content-sha256") ?? "");
        request.Require(digest == Convert.ToHexStringLower(SHA256.HashData(request.Body)), "another digest of the body");
        var at = DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var signed = SignedHeaders().Match(told).Groups["names"].Value.Split(';')
            .Where(name => name is not ("host" or "x-amz-date")).Select(name => (name, request.Header(name) ?? "")).ToList();
        var address = new Uri($"http://{request.Header("Host")}{request.Path}{request.RawQuery}");
        return keys.FirstOrDefault(key => told.Contains($"Credential={key.Id}/", StringComparison.Ordinal) && key.Enabled
            && AwsSignature.Sign(request.Method, address, signed, request.Body, new(key.Id, key.Value, null), region, service, at)
                .Any(header => header == ("Authorization", told)));
    }

    [GeneratedRegex("SignedHeaders=(?<names>[^,]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SignedHeaders();
}
