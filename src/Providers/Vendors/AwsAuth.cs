using System.Security.Cryptography;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Vendors;

/// <summary>Pairs of an access key's id and its secret, as AWS has them and those who copy S3.</summary>
internal static class AwsAuth
{
    /// <summary>Rotunda's own pair: the secret in a setting, the id in another.</summary>
    public static VendorAuth Own(string idSetting, string setting, string service, Func<VendorCall, string> region) =>
        Of(setting, call => call.Text(idSetting), service, region);

    /// <summary>An issued pair.</summary>
    public static VendorAuth Pair(string service, Func<VendorCall, string> region) =>
        Of("", call => call.Tried?.Id ?? "", service, region);

    /// <summary>Lists buckets, which a pair may perhaps not do.</summary>
    public static Probe Buckets(VendorPath path) => Probe.Get(path).Means(
        valid: [200],
        invalid: [],
        reply => reply.Maybe("Code") switch
        {
            "AccessDenied" => Validity.Valid,
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "Unauthorized" => Validity.Invalid,
            _ => null,
        });

    private static VendorAuth Of(string setting, Func<VendorCall, string> id, string service, Func<VendorCall, string> region) =>
        VendorAuth.Written(
            setting,
            (call, request, secret) => Task.FromResult(Sign(call, request, id(call), secret, service, region(call))));

    private static IReadOnlyList<(string Name, string Value)> Sign(
        VendorCall call,
        WebRequest request,
        string id,
        string secret,
        string service,
        string region)
    {
        var body = request.Body ?? ReadOnlyMemory<byte>.Empty;
        IReadOnlyList<(string, string)> signed = [("x-amz-content-sha256", Convert.ToHexStringLower(SHA256.HashData(body.Span)))];
        return
        [
            .. signed,
            .. AwsSignature.Sign(
                request.Method.Method,
                request.Address,
                signed,
                body.Span,
                new(id, secret, null),
                region,
                service,
                call.Now),
        ];
    }
}
