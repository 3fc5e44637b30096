using Rotunda.Activities.Notices;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>Links for the notices that go to one person: to decide on an approval whose plan names them, or to give a value that the plan
/// asks them for. Who is named nowhere gets none.</summary>
public sealed class AnswerLinks(ILedger ledger, TimeProvider time) : IAnswerLinks
{
    private const int MarkLength = 12;

    public async Task<AnswerLink?> MakeAsync(string rotationId, string stepId, string person, CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(rotationId, cancellationToken) is not { } rotation
            || AskedPeople.StepOf(rotation) is not { } step || step.Id != stepId
            || !(await AskedPeople.OfAsync(rotation, step, ledger, cancellationToken)).Any(one => Actors.IsSame(one, person)))
        {
            return null;
        }

        var isValue = step.Kind == StepKinds.Ask;
        var (code, kept) = OneTimeCode.Make(
            isValue ? CodeKinds.Provide : CodeKinds.Decide, rotation, person, AuditActions.System, time.GetUtcNow(),
            isValue ? ProvideDesk.LongestTime : ApprovalLinks.LongestTime);
        if (!isValue)
        {
            var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
            kept = kept with { StepId = step.Id, PlanHash = PlanRecord.HashOf(rows) };
        }

        await ledger.ReplaceCodeAsync(kept, cancellationToken);
        return new AnswerLink(
            isValue ? $"/provide/{rotation.Id}#{code}" : ApprovalLink.PathOf(rotation.Id, code), code, kept.Hash[..MarkLength],
            isValue ? $"Give the value here, {person}" : $"Decide here as {person}", kept.ExpiresAt);
    }

    public async Task<bool> IsAskedAsync(string rotationId, string stepId, CancellationToken cancellationToken) =>
        await ledger.GetRotationAsync(rotationId, cancellationToken) is { } rotation && AskedPeople.StepOf(rotation)?.Id == stepId;

    public Task EndAsync(string rotationId, string person, CancellationToken cancellationToken) =>
        ledger.EndCodesAsync(rotationId, OneTimeCode.PersonOf(person), AuditActions.System, cancellationToken);
}
