using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Sets the pending value at the provider. After an attempt without an answer, it looks first whether the value works
/// already.</summary>
internal sealed class ApplyStep(StepServices services, ForwardGuard forward) : IStep
{
    public string Kind => StepKinds.Apply;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IApplyValues>(context) is not { } applier)
        {
            return StepServices.Lacks(context, "apply values");
        }

        var credential = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (credential is not { State: CredentialState.Pending or CredentialState.Active, Value: { } stored })
        {
            return StepOutcome.Rejected(
                "There is no new value to apply: it was not made, or was discarded. Roll this rotation back and "
                    + "start another.");
        }

        if (await PlanGuard.CheckActiveAsync(services.Ledger, context, cancellationToken) is { } gone)
        {
            return gone;
        }

        if (context.Settings.GetValueOrDefault(StepSettings.Account) is { } account && credential.Account != account)
        {
            // On record before it is touched: which account this value locks or unlocks.
            credential = await services.Ledger.RecordIssuedAsync(credential.Id, account, account, null, cancellationToken);
        }

        using var value = await services.ReadAsync(context, stored, cancellationToken);
        var handle = StepServices.Handle(credential);
        if (await IsAppliedAsync(context, credential, handle, value, cancellationToken))
        {
            return StepOutcome.AlreadyDone(("account", credential.Account), ("fingerprint", credential.Fingerprint));
        }

        if (await forward.BeforeReplacingAsync(context, cancellationToken) is { } refused)
        {
            return refused;
        }

        using var current = await CurrentValueAsync(context, credential, cancellationToken);
        var outcome =
            await services.Outside.RunAsync(context, () => applier.ApplyAsync(context.Call!, handle, value, current, cancellationToken));
        return outcome.Succeeded && outcome.Facts is null
            ? outcome with { Facts = StepOutcome.Done(("account", credential.Account), ("fingerprint", credential.Fingerprint)).Facts }
                : outcome;
    }

    private async Task<bool> IsAppliedAsync(
        StepContext context,
        CredentialRecord credential,
        CredentialHandle handle,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier
            || services.Providers.DescriptorOf(context.Binding!)?.RepeatsApply == true)
        {
            return false;
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        if (!trail.MayHaveHappened(StepKinds.Apply, credential.CreatedAt, context))
        {
            return false;
        }

        var verification =
            await services.Outside.RunAsync(context, () => verifier.VerifyAsync(context.Call!, handle, value, cancellationToken));
        return verification.Validity == Validity.Valid || verification.Authenticates;
    }

    /// <summary>The account's value in use until now, if it is known.</summary>
    private async Task<SecretValue?> CurrentValueAsync(
        StepContext context,
        CredentialRecord credential,
        CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        // In place, and beside another value, there is one account, whatever an adopted credential's record says.
        var before = context.Plan.Strategy is Strategy.InPlace or Strategy.Overlap
            ? await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken)
            : all.LastOrDefault(c => c.Id != credential.Id && c.Account == credential.Account && c.Value is not null);
        return await services.TryReadAsync(context, before?.Value, cancellationToken);
    }
}
