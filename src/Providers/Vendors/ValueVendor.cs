using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>A system that takes a value of our own in the place of the one before, over HTTP. The way back sets the old one
/// again.</summary>
internal abstract class ValueVendor(ProviderDescriptor descriptor, VendorAccess access)
    : Vendor(descriptor, access), IApplyValues
{
    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => RunAsync(call, async run =>
        {
            run.Register(value.Copy());
            await SetAsync(run, value);
            return StepOutcome.Done();
        }, cancellationToken);

    /// <summary>Sets the value. To set the same one again is harmless.</summary>
    protected abstract Task SetAsync(VendorCall call, SecretValue value);
}
