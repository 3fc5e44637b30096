using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// A credential that was in use before the present one, and that nothing ends any more: the rotation that was to end it was superseded, and
/// the one that superseded it came to nothing. Where there is no place for a third value, the next new one would end it: so the wait for
/// whoever still uses it comes first, whole, as nobody knows what of it is left.
/// </summary>
internal static class LeftInUse
{
    private const string Suffix = "-before";

    /// <summary>True if there is one.</summary>
    public static bool Is(PlanDraft draft) => draft.Snapshot.Credentials.Any(one => one.State == CredentialState.Previous);

    /// <summary>Grace, evidence, approval and a last look, and the checks again behind them; nothing where there is none of it.</summary>
    public static void AddGates(PlanDraft draft)
    {
        if (draft.IsEmergency || !Is(draft) || !WouldEnd(draft))
        {
            return;
        }
        var before = draft.Snapshot.Credentials.Last(one => one.State == CredentialState.Previous);
        draft.Warn(
            $"The credential of rotation {before.RotationNumber} was in use before the present one, and no rotation ended it. The new "
                + "value would end it at once, so its grace period comes first, from the start.");
        Closing.AddGates(draft, PolicyRules.GraceOf(draft.Policy), "the credential before the one in use", Suffix);
        draft.Add("hold" + Suffix, StepKinds.Hold, "Make sure that the clock is right", settings: Closing.ClockOnly);
        Opening.AddValidation(draft, again: true, suffix: Suffix);
    }

    /// <summary>Two values have a place, and the new one takes the place of the one before the present one.</summary>
    private static bool WouldEnd(PlanDraft draft) =>
        draft.Policy.Strategy is Strategy.Alternate or Strategy.DualKey or Strategy.ReEncrypt
        || (draft.Policy.Strategy == Strategy.Overlap && draft.Provider.HoldsTwo);
}
