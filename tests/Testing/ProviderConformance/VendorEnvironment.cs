using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>An environment whose outside is a fake vendor. It can be set back to its beginning, as each fault starts afresh.</summary>
public abstract class VendorEnvironment(FakeVendor vendor) : ProviderEnvironment
{
    public FakeVendor Vendor { get; } = vendor;

    /// <summary>False where what the settings name cannot be scaled, although its provider can scale others.</summary>
    public virtual bool IsScalable => true;

    public HeldTimeProvider Held { get; } = new();

    public override TimeProvider Time => Held;

    /// <summary>Lets the time pass that the vendor has asked to wait, where the provider remembers that.</summary>
    public virtual void Wait(TimeSpan time)
    {
    }

    /// <summary>True where a write keeps something of what stands there, which nobody knows any more once the vendor has said that
    /// nothing does: then the state after such an answer is not compared. That the next attempt succeeds is checked all the same.</summary>
    public virtual bool BelievesNotFound => false;

    /// <summary>The vendor's state as at the start of a run. <see cref="ProviderEnvironment.StateAsync"/> is told without ids
    /// that are new each time.</summary>
    public abstract void Reset();

    /// <summary>The same value for the same number: two runs end alike.</summary>
    public virtual string NewFaultValue(int number) => $"cAnary{number}-conformance-value-9f31c2-zZ";

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        (Provider as IDisposable)?.Dispose();
        await Vendor.DisposeAsync();
        await base.DisposeAsync();
    }
}
