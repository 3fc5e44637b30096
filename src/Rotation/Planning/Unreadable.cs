using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// Targets whose values cannot be read: what stood there cannot be kept before the first delivery, so the way back delivers the
/// value in use from the store. Where that value is not in the store there is no way back.
/// </summary>
internal static class Unreadable
{
    public static bool Is(PlanDraft draft, TargetBinding target) => draft.IsWriteOnly(target.Provider);

    /// <summary>The settings of a delivery to such a target, and of its way back: whatever stood there, the store's value goes
    /// there.</summary>
    public static IReadOnlyDictionary<string, string> Settings(PlanDraft draft, TargetBinding target, Delivered delivered) =>
        Is(draft, target)
            ? new Dictionary<string, string>(delivered.Settings, StringComparer.Ordinal) { [StepSettings.Unreadable] = "true" }
            : delivered.Settings;

    /// <summary>Before the first delivery of a phase.</summary>
    public static void Check(PlanDraft draft)
    {
        if (draft.KnowsOldValue || draft.ForwardOnly || draft.Policy.Targets.FirstOrDefault(t => Is(draft, t)) is not { } target)
        {
            return;
        }
        draft.ForwardOnly = true;
        draft.Warn(
            $"What {target.Name} holds cannot be read, and the value in use is not stored here, so it cannot be put back there: from the "
                + "first delivery on, this rotation only goes forward. To be able to go back, give the value by \"current: value\" first.");
    }
}
