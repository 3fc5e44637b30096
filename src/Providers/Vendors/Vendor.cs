using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// A system that is asked over HTTP, whatever it does with credentials: its API, how a value is tried there, and whether Rotunda's own
/// credential works. What a refusal means, the pace, and that nothing said holds a value are here.
/// </summary>
internal abstract class Vendor(ProviderDescriptor descriptor, VendorAccess access) : IProvider, IVerifyCredentials, IValidateSetup
{
    public ProviderDescriptor Descriptor => descriptor;

    protected abstract VendorApi Api { get; }

    /// <summary>Where the settings say what the API is like.</summary>
    protected virtual VendorApi ApiOf(ProviderCall call) => Api;

    /// <summary>What the schema cannot say about the settings. Runs before anything is sent.</summary>
    protected virtual void Check(VendorCall call)
    {
    }

    /// <summary>How a value tries itself; its id, where that is needed, is in <see cref="VendorCall.Tried"/>.</summary>
    protected virtual Probe Verify(VendorCall call, SecretValue value) => throw new NotSupportedException();

    /// <summary>For what cannot call the vendor by itself (the private half of a pair): how it is tried then.</summary>
    protected virtual Task<Validity> TryAsync(VendorCall call, SecretValue value) => call.AskAsync(Verify(call, value), value);

    /// <summary>A call that only works if Rotunda's own credential does; nothing where it has none.</summary>
    protected virtual Task TryOwnAsync(VendorCall call) =>
        Api.Own.IsNothing ? Task.CompletedTask : throw new NotSupportedException();

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => RunAsync(call, async run =>
    {
        if (!HasAddress(call))
        {
            return StepOutcome.Done();
        }

        run.CheckAddress();
        return await LookAroundAsync(run);
    }, cancellationToken);

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var validity = Validity.CannotTell;
        var outcome = await RunAsync(call, async run =>
        {
            run.Tried = credential;
            validity = await TryAsync(run, value);
            return StepOutcome.Done();
        }, cancellationToken);
        return validity switch
        {
            Validity.Valid => new Verification(validity),
            Validity.Invalid => new Verification(validity, $"{Api.System} does not know it"),
            _ => new Verification(validity, outcome.Reason, outcome.RetryAfter),
        };
    }

    /// <summary>False where the settings may leave the address out, and do: then nothing is ever asked.</summary>
    protected virtual bool HasAddress(ProviderCall call) => true;

    /// <summary>The check before a rotation, once the settings are found right.</summary>
    private protected virtual async Task<StepOutcome> LookAroundAsync(VendorCall call)
    {
        await TryOwnAsync(call);
        return StepOutcome.Done();
    }

    private protected async Task<StepOutcome> RunAsync(
        ProviderCall call,
        Func<VendorCall, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        using var run = new VendorCall(access, ApiOf(call), call, cancellationToken, AccountOf(call));
        try
        {
            Check(run);
            return run.Redact(await work(run));
        }
        catch (OutcomeException failure)
        {
            return run.OutcomeOf(failure);
        }
    }

    /// <summary>By the references of Rotunda's own credentials: tokens that they are exchanged for differ from run to run.</summary>
    private string AccountOf(ProviderCall call) =>
        string.Join('\n', descriptor.Settings.Where(setting => setting.IsSecret).Select(setting => call.Settings.Text(setting.Name)));
}
