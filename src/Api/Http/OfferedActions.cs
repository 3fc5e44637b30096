using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

/// <summary>What can be done with a rotation now, and whether the caller may.</summary>
internal static class OfferedActions
{
    private static readonly ControlVerb[] Order =
    [
        ControlVerb.Provide, ControlVerb.Confirm, ControlVerb.Approve, ControlVerb.Reject, ControlVerb.Resume, ControlVerb.SkipGrace,
        ControlVerb.ExtendGrace, ControlVerb.Pause,
        ControlVerb.Rollback, ControlVerb.Cancel,
    ];

    /// <param name="caller">With the roles that are for this secret.</param>
    public static IReadOnlyList<ActionView> Of(RotationView view, Caller caller) =>
        [.. Order.Where(verb => HasEffect(view, verb)).Select(verb => View(view, verb, caller)), .. Withdraw(view, caller)];

    /// <summary>For one whose approval counts, while there are not enough.</summary>
    private static IEnumerable<ActionView> Withdraw(RotationView view, Caller caller) =>
        HasApproved(view, caller) && view.Approval!.Given < view.Approval.Need && view.Rotation.State == RotationState.WaitingForApproval
            ? [new ActionView("withdraw", caller.May(Permission.Approve), null)]
            : [];

    private static bool HasApproved(RotationView view, Caller caller) => view.Approval?.Decisions.Any(one =>
        one.Counts && one.Verdict == "approve" && one.Step == view.Approval.Step && Actors.IsSame(one.Actor, caller.Subject)) == true;

    /// <summary>Null where the plan does not keep the caller from approving.</summary>
    private static string? NotAsked(RotationView view, Caller caller) => view.Approval is not { } asked ? null
        : HasApproved(view, caller) ? $"You have approved it: {asked.Given} of {asked.Need}. Someone else has to approve it too."
        : asked.Roles.Count + asked.People.Count > 0
            && !asked.Roles.Intersect(caller.RoleWords, StringComparer.Ordinal).Any()
            && !asked.People.Any(person => Actors.IsSame(person, caller.Subject))
            ? $"The plan says who may approve it: {string.Join(", ", [.. asked.Roles.Select(role => $"role {role}"), .. asked.People])}."
        : null;

    /// <summary>What the rotation itself offers where it waits; while it runs, what its state and its credentials leave.</summary>
    private static bool HasEffect(RotationView view, ControlVerb verb)
    {
        var (rotation, progress) = (view.Rotation, view.Progress);
        if (verb == ControlVerb.Resume && view.Engine == "stuck")
        {
            return !rotation.State.IsFinal();
        }

        if (!RotationControl.Takes(rotation.State, verb))
        {
            return false;
        }

        if (progress?.NextAction is { } next && progress.WaitingFor is not null)
        {
            return next.Contains($"rotunda {Words.Of(verb)} {rotation.Id} ", StringComparison.Ordinal);
        }

        return verb switch
        {
            ControlVerb.Cancel => rotation.PromotedAt is null && !OldIsGoing(view),
            ControlVerb.Rollback => !OldIsGoing(view),
            ControlVerb.Pause => progress?.Progress is not null,
            _ => rotation.State is not (RotationState.Running or RotationState.Grace),
        };
    }

    private static bool OldIsGoing(RotationView view) => view.Steps.Any(step =>
        step.State != StepState.ToCome && step.Kind is StepKinds.Revoke or StepKinds.ConfirmRevoked);

    private static ActionView View(RotationView view, ControlVerb verb, Caller caller)
    {
        var needed = ApiRoutes.All.First(route => route.Pattern == $"/api/rotations/{{id}}/{Words.Of(verb)}").Permission!.Value;
        var whyNot = !caller.May(needed) ? $"This needs the role {Roles.Needed(needed)}."
            : RotationControl.TakesAnother(verb) && Actors.IsSame(view.Rotation.RequestedBy, caller.Subject)
                ? "You asked for this rotation yourself; someone else has to do this."
            : verb == ControlVerb.Approve ? NotAsked(view, caller)
            : null;
        return new ActionView(Words.Of(verb), whyNot is null, whyNot);
    }
}
