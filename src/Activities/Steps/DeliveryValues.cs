using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Renders what is to stand at a target from the credentials that a step's settings name.</summary>
internal sealed class DeliveryValues(StepServices services)
{
    /// <summary>The values (the caller disposes them with <see cref="Clear"/>), or why there are none.</summary>
    public Task<(DeliveredValues? Values, StepOutcome? Problem)> RenderAsync(StepContext context, CancellationToken cancellationToken) =>
        RenderAsync(context, context.Settings.GetValueOrDefault(StepSettings.Primary) ?? StepSettings.New, cancellationToken);

    /// <summary>As the other, with another primary credential than the settings name.</summary>
    public async Task<(DeliveredValues? Values, StepOutcome? Problem)> RenderAsync(
        StepContext context,
        string first,
        CancellationToken cancellationToken)
    {
        var (primary, problem) = await OneAsync(context, first, cancellationToken);
        if (primary is null)
        {
            return (null, problem);
        }

        if (context.Settings.GetValueOrDefault(StepSettings.Secondary) is not { } which)
        {
            return (new DeliveredValues(primary, null, context.Secret.Salt), null);
        }

        (var secondary, problem) = await OneAsync(context, which, cancellationToken);
        if (secondary is null && which is StepSettings.TakenOver or StepSettings.Previous)
        {
            // The plan was made to be safe: there was nothing to take over, or nothing is left of it.
            return (new DeliveredValues(primary, null, context.Secret.Salt), null);
        }

        if (secondary is null)
        {
            primary.Value.Dispose();
            return (null, problem);
        }

        return (new DeliveredValues(primary, secondary, context.Secret.Salt), null);
    }

    public static void Clear(DeliveredValues? values)
    {
        values?.Primary.Value.Dispose();
        values?.Secondary?.Value.Dispose();
    }

    public async Task<CredentialRecord?> CredentialAsync(
        StepContext context,
        string which,
        CancellationToken cancellationToken) => which switch
    {
        StepSettings.Old => await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken),
        StepSettings.TakenOver => await TakenOverAsync(context, cancellationToken),
        StepSettings.Previous => await PreviousAsync(services.Ledger, context.Secret.Name, cancellationToken),
        _ => await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken),
    };

    /// <summary>The newest that was in use before the present one, and is live; null if there is none.</summary>
    public static async Task<CredentialRecord?> PreviousAsync(ILedger ledger, string secret, CancellationToken cancellationToken) =>
        (await ledger.ListCredentialsAsync(secret, cancellationToken)).LastOrDefault(c => c.State == CredentialState.Previous);

    private async Task<CredentialRecord?> TakenOverAsync(StepContext context, CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        return all.LastOrDefault(c => c.State == CredentialState.Pending
            && c.Value is not null
            && c.RotationNumber < context.Rotation.Number);
    }

    private async Task<(DeliveredCredential? Credential, StepOutcome? Problem)> OneAsync(
        StepContext context,
        string which,
        CancellationToken cancellationToken)
    {
        var credential = await CredentialAsync(context, which, cancellationToken);
        if (await services.TryReadAsync(context, credential?.Value, cancellationToken) is not { } value)
        {
            return (null, StepOutcome.Rejected(which == StepSettings.Old
                ? "The value in use is not in the store, so it cannot be delivered beside the new one. Tell where it is with 'current: "
                    + "value:' in the catalog, adopt the secret again, then start another rotation."
                : "There is no new value to deliver: it was not made, or was discarded. Roll this rotation back and start another."));
        }

        return (Credential(context, credential!, value), null);
    }

    /// <summary>As templates see it.</summary>
    public static DeliveredCredential Credential(StepContext context, CredentialRecord credential, SecretValue value) =>
        Credential(context.Plan.SecretStrategy ?? context.Plan.Strategy, credential, value, context.Secret.Salt);

    /// <param name="strategy">The secret's own.</param>
    public static DeliveredCredential Credential(Strategy strategy, CredentialRecord credential, SecretValue value, string salt) =>
        new(value, Username(strategy, credential), credential.Fingerprint ?? Fingerprint.Of(value, salt));

    /// <summary>An issued credential's name is the provider's id (an access key id); else the account's.</summary>
    private static string? Username(Strategy strategy, CredentialRecord credential) => strategy is Strategy.Overlap or Strategy.Supplied
        ? credential.ProviderCredentialId ?? credential.Account
        : credential.Account ?? credential.ProviderCredentialId;
}
