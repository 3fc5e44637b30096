using Rotunda.Activities.InForce;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Looks at the targets that the catalog in force has and a rotation's frozen plan does not: those that it got, or that were moved in
/// it, since. A person may have brought a value there. Changes nothing.
/// </summary>
internal sealed class UnplannedTargets(StepServices services, ICatalogInForce catalog)
{
    /// <returns>Empty where the plan delivers to each target of the catalog in force, or the secret has left it.</returns>
    /// <exception cref="OutcomeException">There is no catalog to ask.</exception>
    public async Task<IReadOnlyList<TargetBinding>> ListAsync(StepContext context, CancellationToken cancellationToken)
    {
        var current = await catalog.GetAsync(cancellationToken)
            ?? throw new OutcomeException(StepOutcome.RetryLater("The catalog in force cannot be read yet."));
        var name = context.Secret.Name;
        var policy = current.Policies.GetValueOrDefault(name) ?? current.Policies.Values.FirstOrDefault(one => one.Was == name);
        return policy is null ? [] : Undelivered.Of(policy, context.Plan);
    }

    /// <summary>How such a target stands to values.</summary>
    /// <returns>Its <see cref="StepOutcome.Standing"/> tells.</returns>
    public Task<StepOutcome> LookAsync(
        StepContext context, TargetBinding target, DeliveredValues values, CancellationToken cancellationToken)
    {
        var call = new ProviderCall(
            new ProviderSettings(target.Provider.Settings, context.References),
            context.Secret.Name,
            context.Rotation.Id,
            context.Rotation.Number,
            context.Input.Attempt,
            services.Time)
        {
            Step = context.Input.Step.Id, SecretSalt = context.Secret.Salt, Target = target.Name,
        };
        return TargetLook.LookAsync(services.Providers, target.Provider, call, values, cancellationToken);
    }

    /// <summary>What each of them holds of this rotation's credentials.</summary>
    /// <exception cref="OutcomeException">There is no catalog to ask.</exception>
    public async Task<IReadOnlyList<UnplannedTarget>> ReadAsync(StepContext context, CancellationToken cancellationToken)
    {
        var targets = await ListAsync(context, cancellationToken);
        if (targets.Count == 0)
        {
            return [];
        }

        using var old = await ValueAsync(
            context, await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken), cancellationToken);
        using var fresh = await ValueAsync(
            context, await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken), cancellationToken);
        var forms = Forms(context, old?.Delivered, fresh?.Delivered);
        var read = new List<UnplannedTarget>();
        foreach (var target in targets)
        {
            read.Add(await ReadAsync(context, target, forms, cancellationToken));
        }

        return read;
    }

    private async Task<UnplannedTarget> ReadAsync(
        StepContext context,
        TargetBinding target,
        IReadOnlyList<(TargetHolds Holds, DeliveredValues Values)> forms,
        CancellationToken cancellationToken)
    {
        if (services.Providers.Ability<ILookAtTarget>(target.Provider.Type) is null
            && services.Providers.Ability<IConfirmSync>(target.Provider) is null)
        {
            return new UnplannedTarget(target.Name, TargetHolds.CannotTell, "it cannot be read");
        }

        string? why = null;
        foreach (var (holds, values) in forms)
        {
            try
            {
                var seen = await LookAsync(context, target, values, cancellationToken);
                why = seen.Reason;
                switch (seen.Standing)
                {
                    case Standing.Same:
                        return new UnplannedTarget(target.Name, holds, null);
                    case Standing.Missing:
                        return new UnplannedTarget(target.Name, TargetHolds.Nothing, why);
                    case Standing.CannotTell:
                        return new UnplannedTarget(target.Name, TargetHolds.NoAnswer, why);
                    default:
                        break;
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                return new UnplannedTarget(target.Name, TargetHolds.NoAnswer, problem.Message);
            }
        }

        return new UnplannedTarget(target.Name, TargetHolds.SomethingElse, why);
    }

    /// <summary>What may stand there, the likeliest first.</summary>
    private static List<(TargetHolds Holds, DeliveredValues Values)> Forms(
        StepContext context, DeliveredCredential? old, DeliveredCredential? fresh)
    {
        var salt = context.Secret.Salt;
        List<(TargetHolds, DeliveredValues)> forms = [];
        if (fresh is not null)
        {
            forms.Add((TargetHolds.New, new DeliveredValues(fresh, null, salt)));
        }

        if (old is not null)
        {
            forms.Add((TargetHolds.Old, new DeliveredValues(old, null, salt)));
        }

        if (fresh is not null && old is not null && context.Plan.Strategy is Strategy.DualKey or Strategy.ReEncrypt)
        {
            forms.Add((TargetHolds.NewThenOld, new DeliveredValues(fresh, old, salt)));
            forms.Add((TargetHolds.OldThenNew, new DeliveredValues(old, fresh, salt)));
        }

        return forms;
    }

    private async Task<Read?> ValueAsync(StepContext context, CredentialRecord? credential, CancellationToken cancellationToken) =>
        await services.TryReadAsync(context, credential?.Value, cancellationToken) is { } value
            ? new Read(value, DeliveryValues.Credential(context, credential!, value))
            : null;

    private sealed record Read(SecretValue Value, DeliveredCredential Delivered) : IDisposable
    {
        public void Dispose() => Value.Dispose();
    }
}
