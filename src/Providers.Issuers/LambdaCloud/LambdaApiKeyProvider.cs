using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LambdaCloud;

internal sealed class LambdaApiKeyProvider(VendorAccess access) : KeyVendor(LambdaApiKeyDescriptor.Instance, access)
{
    private const string Unknown = "global/invalid-api-key";

    protected override VendorApi Api { get; } =
        new("Lambda", LambdaApiKeyDescriptor.Address, VendorAuth.Nothing, "message") { Minted = VendorAuth.Bearer(""), PerMinute = 60 };

    /// <summary>The error's code tells, whatever the status is.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"ssh-keys").Means(
        valid: [200],
        invalid: [401],
        reply => reply.Has("error") && reply.At("error").Maybe("code") == Unknown ? Validity.Invalid : null);
}
