using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes one value by the policy's rule and stores it as pending; a repeated attempt finds that value.</summary>
internal sealed class GenerateStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Generate;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var known = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        if (known is { State: CredentialState.Pending or CredentialState.Active, Value: not null })
        {
            return StepOutcome.AlreadyDone(("fingerprint", known.Fingerprint), ("value", known.Value.ToString()));
        }

        var account = context.Settings.GetValueOrDefault(StepSettings.Account);
        var minting = await services.Ledger.BeginMintAsync(context.Rotation.Id, account, cancellationToken);
        var stored = await StoreAsync(context, minting.Label!, cancellationToken);
        using var value = await services.ReadAsync(context, stored, cancellationToken);
        var minted = await services.Ledger.RecordMintedAsync(
            minting.Id, account, account, Fingerprint.Of(value, context.Secret.Salt), stored, cancellationToken);
        return StepOutcome.Done(("fingerprint", minted.Fingerprint), ("value", stored.ToString()), ("account", account));
    }

    private async Task<SecretRef> StoreAsync(StepContext context, string owner, CancellationToken cancellationToken)
    {
        var store = services.StoreOf(context);
        if (await store.FindAsync(context.Secret.Name, owner, cancellationToken) is { } found)
        {
            return found;
        }

        using var value = context.Scope.Register(ValueGenerator.Generate(context.Plan.Value));
        return await store.PutPendingAsync(
            context.Secret.Name,
            owner,
            value,
            Fingerprint.Of(value, context.Secret.Salt),
            cancellationToken);
    }
}
