using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Proves that the new credential authenticates. Rejected means here that it does not.</summary>
internal sealed class VerifyStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Verify;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier)
        {
            return StepServices.Lacks(context, "verify credentials");
        }

        if (await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken) is not { Value: { } stored } credential)
        {
            return StepOutcome.Rejected("There is no new value to verify: it was not made, or was discarded.");
        }

        using var value = await services.ReadAsync(context, stored, cancellationToken);
        var verification = await services.Outside.RunAsync(
            context, () => verifier.VerifyAsync(context.Call!, StepServices.Handle(credential), value, cancellationToken));
        return verification.Validity switch
        {
            Validity.Valid => StepOutcome.Done(("fingerprint", credential.Fingerprint), ("detail", verification.Detail)),
            Validity.Invalid =>
                StepOutcome.Rejected($"The new credential does not authenticate: {verification.Detail ?? "the system refused it."}"),
            _ =>
                StepOutcome.RetryLater(
                    $"The system could not be asked: {verification.Detail ?? "no answer that tells."}",
                    verification.RetryAfter),
        };
    }
}
