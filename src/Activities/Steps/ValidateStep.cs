using System.Collections.Immutable;
using System.Globalization;
using Rotunda.Activities.Checks;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Checks everything that can be checked before anything is touched.</summary>
internal sealed class ValidateStep(StepServices services, DriftGuard guard) : IStep
{
    private readonly BeginningCheck _beginning = new(services);

    public string Kind => StepKinds.Validate;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await CheckedAtAsync(context, cancellationToken) is { } at)
        {
            return StepOutcome.AlreadyDone(("checked", at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)));
        }

        // That the ledger can be written is known: the intent of this step just was.
        if (Missing(context.Plan) is { Count: > 0 } missing)
        {
            return StepOutcome.Rejected(string.Join(" ", missing));
        }

        if (context.Binding is not { } binding || !services.Providers.TryGet(binding.Type, out var provider))
        {
            return await WithStoreAsync(context, () => Task.FromResult(StepOutcome.Done()), cancellationToken);
        }

        var outcome = await WithStoreAsync(
            context,
            () => SetupCheck.RunAsync(
                provider,
                binding,
                context.References,
                work => services.Outside.RunAsync(context, work),
                context.Call!,
                cancellationToken),
            cancellationToken);
        return ConsumerDown.Is(outcome) ? Down(context, outcome)
            : !outcome.Succeeded ? outcome
            : context.Target is null ? await BeginAsync(context, outcome, cancellationToken)
            : IsTarget(context) ? await CompareAsync(context, outcome, cancellationToken)
            : outcome;
    }

    /// <summary>Tries the store first; in an emergency at the same time, so that nobody waits for it. Neither changes anything.</summary>
    private async Task<StepOutcome> WithStoreAsync(
        StepContext context, Func<Task<StepOutcome>> ask, CancellationToken cancellationToken)
    {
        var (store, name) = (services.StoreOf(context), context.Secret.Name);
        if (context.Plan.Trigger != RotationTrigger.Emergency)
        {
            await store.CheckAsync(name, cancellationToken);
            return await ask();
        }

        var asked = ask();
        try
        {
            await store.CheckAsync(name, cancellationToken);
        }
        catch
        {
            // Nothing of the step goes on behind its back.
            await ((Task)asked).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw;
        }

        return await asked;
    }

    /// <summary>When the part was checked, if that still holds; null if it is to be checked now.</summary>
    private async Task<DateTimeOffset?> CheckedAtAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (!context.Settings.TryGetValue(StepSettings.Within, out var text) || !DurationText.TryParse(text, out var within))
        {
            return null;
        }

        var trail = await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken);
        var at = trail.CheckedAt(context);
        // A clock that was set back tells nothing of how long ago it was.
        return at is { } then && services.Time.GetUtcNow() - then is var age && age >= TimeSpan.Zero && age < within ? then : null;
    }

    /// <summary>At the secret's own provider: what is believed of it has to be true.</summary>
    private async Task<StepOutcome> BeginAsync(StepContext context, StepOutcome outcome, CancellationToken cancellationToken) =>
        await _beginning.RunAsync(context, cancellationToken) is not { } beginning ? outcome
            : beginning.Succeeded ? beginning with { Facts = Both(outcome.Facts, beginning.Facts) }
            : beginning;

    private static bool IsTarget(StepContext context) => context.Target is not null
        && context.Plan.Steps.Any(step => step.Kind == StepKinds.Deliver && step.Target == context.Target);

    /// <summary>With the value in use: what stands there else may not be overwritten, and is told in any case.</summary>
    private async Task<StepOutcome> CompareAsync(StepContext context, StepOutcome outcome, CancellationToken cancellationToken)
    {
        var found = await guard.LookAsync(context, cancellationToken);
        return DriftGuard.Refuse(context, found)
            ?? DriftGuard.RefuseToLeaveBehind(context, found)
            ?? (found.Drift is null
                ? outcome
                : outcome with
                {
                    Facts = new Dictionary<string, string>(outcome.Facts ?? new Dictionary<string, string>(), StringComparer.Ordinal)
                    {
                        [StepFacts.Drift] = found.Drift,
                    },
                });
    }

    private static Dictionary<string, string> Both(
        IReadOnlyDictionary<string, string>? some,
        IReadOnlyDictionary<string, string>? others) =>
        new((some ?? ImmutableDictionary<string, string>.Empty).Concat(others ?? ImmutableDictionary<string, string>.Empty));

    /// <summary>Once is looked again, as somebody may just be restarting it: nothing has been changed yet.</summary>
    private static StepOutcome Down(StepContext context, StepOutcome outcome) =>
        context.Settings.GetValueOrDefault(StepSettings.WhenDown) == StepSettings.Proceed
            ? StepOutcome.Done((StepFacts.Down, outcome.Facts![StepFacts.Down]))
            : context.Input.Attempt == 1
                ? outcome with { Facts = null }
                : StepOutcome.Rejected(
                    $"The consumer {context.Target} is down, before anything was changed: {outcome.Reason} Start it again, or say "
                        + "\"whenDown: proceed\" in the catalog to rotate without it.");

    /// <summary>What the plan asks of its providers that they cannot do.</summary>
    private List<string> Missing(RotationPlan plan)
    {
        var missing = new List<string>();
        foreach (var step in plan.Steps.Where(step => step.Provider is not null))
        {
            if (services.Providers.AbilitiesOf(step.Provider!) is not { } abilities)
            {
                missing.Add($"There is no provider '{step.Provider!.Type}' here (step '{step.Id}').");
            }
            else if ((abilities & AbilityFor(step.Kind)) != AbilityFor(step.Kind))
            {
                missing.Add($"The provider '{step.Provider!.Type}' cannot run step '{step.Id}' ({step.Kind}).");
            }
        }

        return missing;
    }

    private static Abilities AbilityFor(string kind) => kind switch
    {
        StepKinds.Issue => Abilities.IssueCredentials,
        StepKinds.Ask => Abilities.TakeSupplied,
        StepKinds.Apply => Abilities.ApplyValues,
        StepKinds.Verify => Abilities.VerifyCredentials,
        StepKinds.Deliver => Abilities.DeliverValues,
        StepKinds.ConfirmSync => Abilities.ConfirmSync,
        StepKinds.RestartConsumers => Abilities.RestartConsumers,
        StepKinds.VerifyConsumers => Abilities.CheckConsumers,
        _ => Abilities.None,
    };
}
