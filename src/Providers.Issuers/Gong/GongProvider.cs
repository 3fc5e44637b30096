using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Gong;

internal sealed class GongProvider(VendorAccess access) : KeyVendor(GongDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Gong", GongDescriptor.Address, VendorAuth.Nothing, "errors") { Minted = VendorAuth.PairOf("accessKey", "accessKeySecret") };

    /// <summary>A key whose scopes leave this out is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"v2/workspaces").Means(valid: [200, 403], invalid: [401]);
}
