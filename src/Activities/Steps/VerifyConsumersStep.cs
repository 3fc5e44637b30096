using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Asks consumers whether they are well and use what is expected; only fingerprints are told.</summary>
internal sealed class VerifyConsumersStep(StepServices services, DeliveryValues delivery, AbsentConsumers absent) : IStep
{
    public string Kind => StepKinds.VerifyConsumers;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<ICheckConsumers>(context) is not { } consumers)
        {
            return StepServices.Lacks(context, "check consumers");
        }

        if (await RefusedValue.LeftAsync(services, context, cancellationToken) is { } left)
        {
            return left;
        }

        var primary = await FingerprintAsync(
            context,
            context.Settings.GetValueOrDefault(StepSettings.Primary) ?? StepSettings.New,
            cancellationToken);
        if (primary is null)
        {
            return StepOutcome.Rejected(
                "Nothing is known of the value that consumers should use. Roll this rotation back and start "
                    + "another.");
        }

        var secondary = context.Settings.GetValueOrDefault(StepSettings.Secondary) is { } which
            ? await FingerprintAsync(context, which, cancellationToken)
            : null;
        var outcome = await services.Outside.RunAsync(
            context, () => consumers.CheckAsync(context.Call!, new ExpectedFingerprints(primary, secondary), cancellationToken));
        return await absent.ForgiveAsync(context, outcome, cancellationToken);
    }

    private async Task<string?> FingerprintAsync(StepContext context, string which, CancellationToken cancellationToken)
    {
        var credential = await delivery.CredentialAsync(context, which, cancellationToken);
        if (credential?.Fingerprint is { } fingerprint)
        {
            return fingerprint;
        }

        using var value = await services.TryReadAsync(context, credential?.Value, cancellationToken);
        return value is null ? null : Fingerprint.Of(value, context.Secret.Salt);
    }
}
