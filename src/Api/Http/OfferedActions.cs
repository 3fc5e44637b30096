using Rotunda.Api.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Orchestrations;
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

    public static IReadOnlyList<ActionView> Of(RotationView view, Caller caller) =>
        [.. Order.Where(verb => HasEffect(view, verb)).Select(verb => View(view, verb, caller))];

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
            : null;
        return new ActionView(Words.Of(verb), whyNot is null, whyNot);
    }
}
