using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Manual;

internal sealed class ManualProvider(VendorAccess access) : KeyVendor(ManualDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("the address in 'check'", "", VendorAuth.Nothing);

    protected override VendorApi ApiOf(ProviderCall call) => Api with
    {
        DefaultUrl = call.Settings.Text(ManualDescriptor.Check) is { } check ? new Uri(check).GetLeftPart(UriPartial.Authority) : "",
        Minted = call.Settings.Text(ManualDescriptor.CheckHeader) is { } header ? VendorAuth.Header(header, "") : VendorAuth.Bearer(""),
    };

    protected override bool HasAddress(ProviderCall call) => call.Settings.Text(ManualDescriptor.Check) is not null;

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get(call.Link(call.Text(ManualDescriptor.Check))!).Means(valid: [200, 201, 202, 204], invalid: [401, 403]);
}
