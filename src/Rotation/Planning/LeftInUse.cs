using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// A credential that was in use before the present one, and that nothing ends any more: the rotation that was to end it was superseded, and
/// the one that superseded it came to nothing. Where there is no place for a third value, the next new one would end it: so the wait for
/// whoever still uses it comes first, whole, as nobody knows what of it is left.
/// </summary>
public static class LeftInUse
{
    private const string Suffix = "-before";
    private const string Hold = "hold" + Suffix;

    /// <summary>True if there is one.</summary>
    internal static bool Is(PlanDraft draft) => draft.Snapshot.Credentials.Any(one => one.State == CredentialState.Previous);

    /// <summary>Grace, evidence, approval and a last look, and the checks again behind them; nothing where there is none of it.</summary>
    internal static void AddGates(PlanDraft draft)
    {
        if (!Is(draft) || !WouldEnd(draft))
        {
            return;
        }
        var before = draft.Snapshot.Credentials.Last(one => one.State == CredentialState.Previous);
        var left = $"The credential of rotation {before.RotationNumber} was in use before the present one, and no rotation ended it. The "
            + "new value ";
        if (draft.IsEmergency)
        {
            draft.Warn(left + "ends it at once: whoever still has it is refused until the new one is there.");
            return;
        }
        draft.Warn(left + "would end it at once, so its grace period comes first, from the start.");
        Closing.AddGates(draft, PolicyRules.GraceOf(draft.Policy), "the credential before the one in use", Suffix);
        draft.Add(Hold, StepKinds.Hold, "Make sure that the clock is right", settings: Closing.ClockOnly);
        Opening.AddValidation(draft, again: true, suffix: Suffix);
    }

    /// <summary>True if the plan's new value ends it, once the wait for whoever still uses it is over.</summary>
    public static bool IsEndedBy(RotationPlan plan) => plan.Steps.Any(step => step.Id == Hold);

    /// <summary>Two values have a place, and the new one takes the place of the one before the present one.</summary>
    private static bool WouldEnd(PlanDraft draft) =>
        draft.Policy.Strategy is Strategy.Alternate or Strategy.DualKey or Strategy.ReEncrypt
        || (draft.Policy.Strategy == Strategy.Overlap && draft.Provider.HoldsTwo);
}
