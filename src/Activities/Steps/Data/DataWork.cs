using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps.Data;

/// <summary>What the steps on stored data have in common: the keys, and how long a slice is.</summary>
internal sealed class DataWork(StepServices services)
{
    private const double FirstSlice = 5;
    private const double LongestSlice = 60;
    private const double Growth = 1.15;

    /// <summary>Runs the call with the rotation's keys, which are cleared afterwards.</summary>
    /// <param name="needsNew">There must be a new key.</param>
    public async Task<StepOutcome> WithKeysAsync(
        StepContext context,
        bool needsNew,
        Func<IReencryptData, DataKeys, Task<StepOutcome>> call,
        CancellationToken cancellationToken)
    {
        var fresh = await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        using var value = await services.TryReadAsync(context, fresh?.Value, cancellationToken);
        return needsNew && value is null
            ? StepOutcome.Rejected("There is no new key: it was not made, or was discarded. Roll this rotation back and start another.")
            : await WithKeysAsync(context, fresh?.Id, value, call, cancellationToken);
    }

    /// <summary>As above, with a key that is made for this call and forgotten after it.</summary>
    public async Task<StepOutcome> WithPassingKeyAsync(
        StepContext context,
        Func<IReencryptData, DataKeys, Task<StepOutcome>> call,
        CancellationToken cancellationToken)
    {
        using var value = context.Scope.Register(ValueGenerator.Generate(context.Plan.Value));
        return await WithKeysAsync(context, fresh: null, value, call, cancellationToken);
    }

    public async Task<StepOutcome> WithoutKeysAsync(StepContext context, Func<IReencryptData, Task<StepOutcome>> call) =>
        services.Ability<IReencryptData>(context) is { } data
            ? await services.Outside.RunAsync(context, () => call(data))
            : StepServices.Lacks(context, "move stored data to another key");

    /// <summary>Short at first, so that something is seen soon; later so long that a move of days has a history of moderate
    /// length.</summary>
    public static Slice SliceOf(StepContext context, string pass, string? cursor = null)
    {
        var seconds = Math.Min(LongestSlice, FirstSlice * Math.Pow(Growth, Math.Min(context.Input.Attempt - 1, 100)));
        var limit = context.Input.Step.Timeout is { } timeout ? timeout.TotalSeconds / 3 : LongestSlice;
        return new Slice(TimeSpan.FromSeconds(Math.Min(seconds, limit)), pass, cursor);
    }

    /// <summary>Where the step's last slice ended, for a step that keeps it nowhere else.</summary>
    public async Task<string?> CursorAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (var outcome in await services.Ledger.ListOutcomesAsync(
            context.Rotation.Id,
            context.Input.Step.Id,
            limit: 50,
            cancellationToken))
        {
            if (outcome.Outcome == StepOutcomeKind.Continue)
            {
                return outcome.Facts?.GetValueOrDefault(StepFacts.Cursor);
            }
        }

        return null;
    }

    private async Task<StepOutcome> WithKeysAsync(
        StepContext context,
        long? fresh,
        SecretValue? value,
        Func<IReencryptData, DataKeys, Task<StepOutcome>> call,
        CancellationToken cancellationToken)
    {
        var old = await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        using var inUse = await services.TryReadAsync(context, old?.Value, cancellationToken);
        if (inUse is null)
        {
            return StepOutcome.Rejected(
                "The key in use is not in the store, so what is stored cannot be opened. Tell where it is with 'current: value:' in the "
                    + "catalog, adopt the secret again, then start another rotation.");
        }

        var others = new List<SecretValue>();
        try
        {
            foreach (var other in await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken))
            {
                if (other.Id != fresh
                    && other.Id != old!.Id
                    && other.MayBeLive
                    && await services.TryReadAsync(context, other.Value, cancellationToken) is { } read)
                {
                    others.Add(read);
                }
            }

            return await WithoutKeysAsync(context, data => call(data, new DataKeys(inUse, value, others)));
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }
}
