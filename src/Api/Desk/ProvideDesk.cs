using Rotunda.Activities.Supplied;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Takes values that people give, from those with the right and by one-time codes, and wakes the rotation that waits.</summary>
public sealed class ProvideDesk(ILedger ledger, ValueIntake intake, IOrchestrationClient client, TimeProvider time)
{
    /// <summary>Who gives a value by a code that somebody else made.</summary>
    private const string FormOf = "form of ";

    /// <summary>How long a code holds where nobody says.</summary>
    public static TimeSpan UsualTime { get; } = TimeSpan.FromDays(1);

    public static TimeSpan LongestTime { get; } = TimeSpan.FromDays(30);

    /// <returns>Null for a rotation that is not known.</returns>
    public async Task<IntakeResult?> ProvideAsync(string rotationId, SecretValue value, string by, CancellationToken cancellationToken) =>
        await ledger.GetRotationAsync(rotationId, cancellationToken) is { } rotation
            ? await TakeAsync(rotation, value, by, cancellationToken)
            : null;

    /// <summary>Makes a code by which whoever has it can give the value.</summary>
    /// <returns>Null unless the rotation waits for a value now.</returns>
    public async Task<(string Code, DateTimeOffset ExpiresAt)?> LinkAsync(
        string rotationId, string by, TimeSpan validFor, CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(rotationId, cancellationToken) is not { State: RotationState.WaitingForValue } rotation)
        {
            return null;
        }

        var (code, kept) = OneTimeCode.Make(CodeKinds.Provide, rotation, null, by, time.GetUtcNow(), validFor);
        await ledger.AddCodeAsync(kept, cancellationToken);
        return (code, kept.ExpiresAt);
    }

    /// <summary>What a code asks for; null for one that is wrong, used or over.</summary>
    public async Task<FormState?> LookAsync(string code, CancellationToken cancellationToken) =>
        await FindAsync(code, cancellationToken) is var (kept, rotation) && kept.UsedAt is null
            ? await StateAsync(kept, rotation, cancellationToken)
            : null;

    /// <summary>
    /// Gives a value by a code. It is used up when a value is taken, and the answer has another one for the case that this value is
    /// refused. Who is named made that one themselves: the mail that tells of the refusal, with a link of its own, does not end it under
    /// their hands. Whoever got no answer sends the same again: the value that was taken is known.
    /// </summary>
    /// <returns>Null for a code that is wrong, used or over.</returns>
    public async Task<(IntakeResult Result, string RotationId, string? Next)?> ProvideByCodeAsync(
        string code, SecretValue value, CancellationToken cancellationToken)
    {
        if (await FindAsync(code, cancellationToken) is not var (kept, rotation))
        {
            return null;
        }

        if (kept.UsedAt is not null && !await intake.IsTakenAsync(rotation, value, cancellationToken))
        {
            return null;
        }

        var by = kept.Person is { } person ? $"form [{person}]" : FormOf + kept.CreatedBy;
        var result = await TakeAsync(rotation, value, by, cancellationToken);
        if (result.Kind is not (IntakeKind.Taken or IntakeKind.AlreadyTaken))
        {
            return (result, rotation.Id, null);
        }

        await ledger.UseCodeAsync(kept.Hash, by, CancellationToken.None);
        var now = time.GetUtcNow();
        var (next, another) = OneTimeCode.Make(
            CodeKinds.Provide, rotation, kept.Person, kept.Person is null ? kept.CreatedBy : by, now, kept.ExpiresAt - now);
        await ledger.AddCodeAsync(another, CancellationToken.None);
        return (result, rotation.Id, next);
    }

    private async Task<IntakeResult> TakeAsync(RotationRecord rotation, SecretValue value, string by, CancellationToken cancellationToken)
    {
        var result = await intake.TakeAsync(rotation, value, by, cancellationToken);
        if (result.Kind is IntakeKind.Taken or IntakeKind.AlreadyTaken)
        {
            await WakeAsync(rotation, by);
        }

        return result;
    }

    /// <summary>The value is on record: if this does not get there, the rotation finds it by itself, later.</summary>
    private async Task WakeAsync(RotationRecord rotation, string by)
    {
        var step = rotation.Plan.Steps.First(one => one.Kind == StepKinds.Ask).Id;
        try
        {
            await client.RaiseEventAsync(
                rotation.Id,
                RotationNames.ControlEvent,
                new ControlMessage(ControlVerb.Provide, by, null, Step: step),
                CancellationToken.None);
        }
        catch (OrchestrationNotFoundException)
        {
            // It is being started anew, and looks then.
        }
    }

    private async Task<(CodeRecord Code, RotationRecord Rotation)?> FindAsync(string code, CancellationToken cancellationToken) =>
        await ledger.GetCodeAsync(OneTimeCode.HashOf(code), cancellationToken) is { Kind: CodeKinds.Provide } kept
        && kept.ExpiresAt > time.GetUtcNow()
        && await ledger.GetRotationAsync(kept.RotationId, cancellationToken) is { } rotation
            ? (kept, rotation)
            : null;

    private async Task<FormState> StateAsync(CodeRecord kept, RotationRecord rotation, CancellationToken cancellationToken)
    {
        var fresh = await ledger.GetNewCredentialAsync(rotation.Id, cancellationToken);
        var progress = Words.Status((await client.GetAsync(rotation.Id, withInputsAndOutputs: false, cancellationToken))?.CustomStatus);
        var state = rotation.State != RotationState.WaitingForValue
            ? rotation.State.IsFinal() && rotation.State != RotationState.Succeeded ? "ended" : "accepted"
            : fresh is { State: CredentialState.Pending } ? "checking" : "open";
        return new FormState(rotation, kept.ExpiresAt, state, state == "open" ? progress?.Problem : null);
    }
}
