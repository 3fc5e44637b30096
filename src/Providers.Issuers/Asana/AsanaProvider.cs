using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Asana;

internal sealed class AsanaProvider(VendorAccess access) : KeyVendor(AsanaDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Asana", AsanaDescriptor.Address, VendorAuth.Nothing, "message") { Minted = VendorAuth.Bearer("") };

    /// <summary>A token whose scopes leave this out is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"users/me").Means(valid: [200, 403], invalid: [401]);
}
