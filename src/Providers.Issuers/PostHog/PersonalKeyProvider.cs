using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PostHog;

internal sealed class PersonalKeyProvider(VendorAccess access) : KeyVendor(PersonalKeyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("PostHog", PersonalKeyDescriptor.Address, VendorAuth.Nothing, "detail") { Minted = VendorAuth.Bearer("") };

    /// <summary>A key may always read itself. Some installations refuse one that they do not know with status 403.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"api/personal_api_keys/@current/").Means(
        valid: [200],
        invalid: [401],
        reply => reply.Status == 403 && reply.Maybe("type") == "authentication_error" ? Validity.Invalid : null);
}
