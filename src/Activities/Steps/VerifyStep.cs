using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Proves that the new credential authenticates, or the one in use. Rejected means here that it does not.</summary>
internal sealed class VerifyStep(StepServices services) : IStep
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(10);

    public string Kind => StepKinds.Verify;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier)
        {
            return StepServices.Lacks(context, "verify credentials");
        }

        var inUse = context.Settings.GetValueOrDefault(StepSettings.Primary) == StepSettings.Old;
        var found = inUse
            ? await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken)
            : await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (found is not { Value: { } stored } credential)
        {
            return StepOutcome.Rejected(inUse
                ? "The value in use is not in the store, so it cannot be tried. Tell where it is with 'current: value:' in the catalog, "
                    + "adopt the secret again, then start another rotation."
                : "There is no new value to verify: it was not made, or was discarded. Roll this rotation back and start another.");
        }

        using var value = await services.ReadAsync(context, stored, cancellationToken);
        var descriptor = services.Providers.DescriptorOf(context.Binding!)!;
        var verification = new Verification(Validity.Valid);
        for (var asked = 0; verification.Validity == Validity.Valid && asked < (inUse ? 1 : descriptor.Verifications); asked++)
        {
            verification = await services.Outside.RunAsync(
                context, () => verifier.VerifyAsync(context.Call!, StepServices.Handle(credential), value, cancellationToken));
        }

        var early = inUse ? TimeSpan.Zero : credential.CreatedAt + descriptor.WorksAfter - services.Time.GetUtcNow();
        return verification.Validity switch
        {
            Validity.Invalid when early > TimeSpan.Zero => StepOutcome.RetryLater(
                $"The new credential is refused, but {descriptor.Id} may know it everywhere only "
                    + $"{DurationText.Format(descriptor.WorksAfter)} after it was made: it is tried again.",
                early / 2 > LeastWait ? early / 2 : LeastWait),
            Validity.Valid => StepOutcome.Done(("fingerprint", credential.Fingerprint), ("detail", verification.Detail)),
            Validity.Invalid when verification.Authenticates =>
                StepOutcome.Rejected(
                    $"The {(inUse ? "value in use" : "new credential")} authenticates, but cannot do what it has to: "
                        + verification.Detail),
            Validity.Invalid =>
                StepOutcome.Rejected(
                    $"The {(inUse ? "value in use, as the store has it," : "new credential")} does not authenticate: "
                        + $"{verification.Detail ?? "the system refused it. See its own log for why."}"),
            _ =>
                StepOutcome.RetryLater(
                    $"The system could not be asked: {verification.Detail ?? "no answer that tells."}",
                    verification.RetryAfter),
        };
    }
}
