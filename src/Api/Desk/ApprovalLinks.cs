using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Links by which one person decides once on one plan, for notices. The code is 256 random bits, and only its hash is kept: it is looked
/// up, so there is no key that could sign another. What it is for stands in the ledger and not in the link.
/// </summary>
public sealed class ApprovalLinks(ILedger ledger, ApprovalDesk desk, TimeProvider time)
{
    /// <summary>Who decides by a link that stands for a person.</summary>
    private const string Link = "link";

    public static TimeSpan UsualTime { get; } = TimeSpan.FromDays(1);

    public static TimeSpan LongestTime { get; } = TimeSpan.FromDays(7);

    /// <summary>Makes a link for what the rotation asks for now.</summary>
    /// <param name="person">Who decides by it, without signing in; or null.</param>
    /// <param name="role">Whoever uses it has to sign in with this role; or null.</param>
    public async Task<ApprovalLink> MakeAsync(
        string rotationId, string? person, string? role, string by, TimeSpan validFor, CancellationToken cancellationToken)
    {
        if (await ledger.GetRotationAsync(rotationId, cancellationToken) is not { State: RotationState.WaitingForApproval } rotation
            || AskedFor.Of(rotation, stepId: null) is not { } step
            || PlanRecord.HashOf(await ledger.ReadRotationAsync(rotationId, cancellationToken)) is not { } plan)
        {
            return new ApprovalLink(null, default, "No rotation of this id waits for an approval now.");
        }

        if (WhyNot(rotation, ApprovalRule.Of(step), person, role) is { } whyNot)
        {
            return new ApprovalLink(null, default, whyNot);
        }

        var (code, kept) = OneTimeCode.Make(CodeKinds.Decide, rotation, person, by, time.GetUtcNow(), validFor);
        await ledger.AddCodeAsync(kept with { StepId = step.Id, PlanHash = plan, Role = role }, cancellationToken);
        return new ApprovalLink(code, kept.ExpiresAt, null);
    }

    /// <summary>What a code is for; it changes nothing. Null for one that is wrong, used or over.</summary>
    public async Task<(CodeRecord Code, RotationRecord Rotation)?> FindAsync(string code, CancellationToken cancellationToken) =>
        await ledger.GetCodeAsync(OneTimeCode.HashOf(code), cancellationToken) is { Kind: CodeKinds.Decide, UsedAt: null } kept
        && kept.ExpiresAt > time.GetUtcNow()
        && await ledger.GetRotationAsync(kept.RotationId, cancellationToken) is { } rotation
            ? (kept, rotation)
            : null;

    /// <summary>Decides, and uses the code up by that.</summary>
    /// <param name="signedIn">Who is signed in; for a link that stands for a role.</param>
    public Task<ControlOutcome> DecideAsync(
        CodeRecord code, ControlVerb verb, string reason, Decider? signedIn, CancellationToken cancellationToken)
    {
        var by = code.Person is { } person ? new Decider($"{Link} [{person}]", [], code.Hash)
            : signedIn is not null && code.Role is { } role && signedIn.Roles.Contains(role, StringComparer.Ordinal)
                ? signedIn with { CodeHash = code.Hash }
            : null;
        return by is null
            ? Task.FromResult(new ControlOutcome(ControlOutcomeKind.NotAsked, $"This link is for somebody with the role {code.Role}. "
                + "Sign in as one, then open it again; it was not used."))
            : desk.DecideAsync(
                code.RotationId,
                new ControlMessage(verb, by.Subject, reason, Step: verb == ControlVerb.Approve ? code.StepId : null),
                by,
                code.PlanHash,
                cancellationToken);
    }

    private static string? WhyNot(RotationRecord rotation, ApprovalRule rule, string? person, string? role) =>
        (person is null) == (role is null) ? "A link is for a person or for a role: give one of the two."
        : person is not null && Actors.IsSame(person, rotation.RequestedBy)
            ? $"{person} asked for {rotation.Id}; someone else has to decide."
        : rule.NamesSome && person is not null && !rule.People.Any(one => Actors.IsSame(one, person))
            ? $"The plan does not name {person}. It names: {ApprovalWords.From(rule)}."
        : null;
}
