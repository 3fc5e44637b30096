using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Undo of Apply in place: the old value works again.</summary>
internal sealed class ReapplyOldStep(StepServices services) : IStep
{
    public string Kind => StepKinds.ReapplyOld;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken) is not { } fresh)
        {
            return StepOutcome.AlreadyDone();
        }

        if (fresh.State == CredentialState.Active)
        {
            return StepOutcome.Rejected(
                "The new credential is the current one, so the old one is not set again. Start another rotation "
                    + "to end the new one.");
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var levels = context.Settings.GetValueOrDefault(StepSettings.Level) == "true";
        if (!levels && !trail.MayHaveHappened(StepKinds.Apply, fresh.CreatedAt, context))
        {
            _ = await SettleAsync(context, fresh, GivenUp.NeverSet, cancellationToken);
            return StepOutcome.AlreadyDone((StepFacts.Detail, GivenUp.NeverSet));
        }

        if (services.Ability<IApplyValues>(context) is not { } applier)
        {
            return StepServices.Lacks(context, "apply values");
        }

        var old = await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        using var oldValue = await services.TryReadAsync(context, old?.Value, cancellationToken);
        if (old is null || oldValue is null)
        {
            return StepOutcome.Rejected(
                "The old value is not in the store, so it cannot be set again. The new value may be in effect: set the old one by hand, "
                    + "or go on with the new one by another rotation.");
        }

        // The account is the new one's: an adopted credential may not know its own.
        var handle = StepServices.Handle(old.Account is null ? old with { Account = fresh.Account } : old);
        if (trail.WasRefused())
        {
            // Nor were the targets given it (RefusedValue): to set it now would lock them out.
            return StepOutcome.Rejected(
                "The value on record from before did not work at the provider when this rotation began, so it is not set again, and the "
                    + $"targets keep what they have. Start another rotation: rotunda rotate {context.Secret.Name} --emergency "
                    + "--incident REF.");
        }

        using var freshValue = await services.TryReadAsync(context, fresh.Value, cancellationToken);
        var outcome = await services.Outside.RunAsync(
            context,
            () => applier.ApplyAsync(context.Call!, handle, oldValue, freshValue, cancellationToken));
        if (!outcome.Succeeded)
        {
            return outcome;
        }

        return await VerifyAsync(context, handle, oldValue, cancellationToken)
            ?? await SettleAsync(context, fresh, "overwritten by the old value", cancellationToken);
    }

    private async Task<StepOutcome?> VerifyAsync(
        StepContext context,
        CredentialHandle handle,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier)
        {
            return null;
        }

        var verification =
            await services.Outside.RunAsync(context, () => verifier.VerifyAsync(context.Call!, handle, value, cancellationToken));
        return verification.Validity switch
        {
            Validity.Valid => null,
            Validity.Invalid when verification.Authenticates => null,
            Validity.Invalid => StepOutcome.Unknown($"The old value was set again but does not authenticate: {verification.Detail}"),
            _ => StepOutcome.RetryLater($"The old value was set again; whether it authenticates could not be asked: {verification.Detail}"),
        };
    }

    private async Task<StepOutcome> SettleAsync(
        StepContext context,
        CredentialRecord fresh,
        string note,
        CancellationToken cancellationToken)
    {
        await services.Ledger.RecordRevokedAsync(context.Rotation.Id, fresh.Id, note, cancellationToken);
        await services.DiscardAsync(context, fresh.Value, cancellationToken);
        return StepOutcome.Done(("note", note));
    }
}
