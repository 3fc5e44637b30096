using System.Security.Cryptography;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Cloudflare;

/// <summary>An API token, as the pair that S3 knows.</summary>
internal sealed class R2Provider(VendorAccess access) : CloudflareProvider(R2Descriptor.Instance, access)
{
    private static readonly VendorAuth Pair = AwsAuth.Pair("s3", _ => "auto");

    protected override VendorApi Api => base.Api with { Minted = Pair };

    protected override void Check(VendorCall call)
    {
        base.Check(call);
        _ = call.Text(CloudflareDescriptor.Account);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await base.MintAsync(call, label, previous);
        using var token = made.Value;
        return made with { Value = call.Register(SecretValue.FromText(Convert.ToHexStringLower(SHA256.HashData(token.RevealBytes())))) };
    }

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        AwsAuth.Buckets(call.Elsewhere(R2Descriptor.S3Url, R2Descriptor.S3Address, $""));
}
