using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.HubSpot;

internal sealed class HubSpotProvider(VendorAccess access) : KeyVendor(HubSpotDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("HubSpot", HubSpotDescriptor.Address, VendorAuth.Nothing, "message") { Minted = VendorAuth.Bearer("") };

    /// <summary>A token that lacks the scope for this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"account-info/v3/details").Means(valid: [200, 403], invalid: [401]);
}
