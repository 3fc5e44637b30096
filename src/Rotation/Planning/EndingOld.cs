using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// Vendors where issuing begins the end of the credential in use. Going back would deliver what is about to end, so from there on a
/// rotation only goes forward; and nothing has to be revoked, only waited for.
/// </summary>
internal static class EndingOld
{
    /// <summary>The most that a leaked credential is left, so that the new one can be delivered.</summary>
    private static readonly TimeSpan InEmergency = TimeSpan.FromHours(1);

    public static bool Is(PlanDraft draft) =>
        draft.Provider.OldEnds is not null && draft.Policy.Strategy == Strategy.Overlap && draft.Request.Instead is null;

    /// <summary>What issues: in an emergency with less time for the old one, where that can be told.</summary>
    public static ProviderBinding Issuer(PlanDraft draft)
    {
        var binding = draft.Policy.Provider;
        if (!draft.IsEmergency || draft.Provider.OldEnds?.Setting is not { } setting)
        {
            return binding;
        }
        var settings = binding.Settings.DeepClone().AsObject();
        settings[setting] = DurationText.Format(Left(draft));
        return new ProviderBinding(binding.Type, settings);
    }

    /// <summary>How long the old one works on from the issuing.</summary>
    public static TimeSpan Left(PlanDraft draft)
    {
        var ends = draft.Provider.OldEnds!;
        if (ends.Setting is { } setting)
        {
            var told = draft.Policy.Provider.Settings[setting] is JsonValue value
                && value.TryGetValue<string>(out var text)
                && DurationText.TryParse(text, out var time) ? time : ends.Longest;
            return !draft.IsEmergency ? told
                : draft.Request.RevokeFirst ? TimeSpan.Zero
                : told < InEmergency ? told : InEmergency;
        }
        var left = draft.Snapshot.Active?.ExpiresAt - draft.Request.At;
        return left is null || left > ends.Longest ? ends.Longest : left > TimeSpan.Zero ? left.Value : TimeSpan.Zero;
    }

    /// <summary>Behind the step that issues.</summary>
    public static void Begin(PlanDraft draft)
    {
        draft.ForwardOnly = true;
        var left = Left(draft);
        var when = left == TimeSpan.Zero ? "at once"
            : draft.Provider.OldEnds!.Setting is null
                ? $"{DurationText.Format(left)} later at the latest, when its own time is over"
            : $"{DurationText.Format(left)} later";
        var rest = left == TimeSpan.Zero
            ? "consumers are locked out until the new one is delivered"
            : "the new one has to be everywhere by then";
        draft.Warn(
            $"Once the new credential is issued, the one in use ends by itself {when}, whatever becomes of this rotation: from there on it "
                + $"only goes forward, and {rest}.");
        if (!draft.IsEmergency && draft.Policy.Grace > left)
        {
            draft.Warn(
                $"The grace of {DurationText.Format(draft.Policy.Grace)} is longer than the old credential lives "
                    + $"({DurationText.Format(left)}), so it is not kept.");
        }
        if (draft.IsEmergency && left > TimeSpan.Zero && draft.Provider.OldEnds!.Setting is null)
        {
            draft.Warn($"{draft.Provider.Id} cannot end the old credential sooner by API: if it leaked, end it there by hand.");
        }
    }

    /// <summary>From the promotion to the end of the old credential.</summary>
    public static void Close(PlanDraft draft)
    {
        Closing.AddPromote(draft);
        draft.PastReturn = true;
        var left = DurationText.Format(Left(draft));
        if (Left(draft) > TimeSpan.Zero)
        {
            draft.Add(
                "wait-end", StepKinds.Wait, $"Wait {left}, until the old credential has ended by itself",
                settings: PlanDraft.Settings((StepSettings.Duration, left)), waits: true);
        }
        draft.Add(
            "revoke", StepKinds.Revoke, "Mark the old credential as revoked (it has ended by itself)", provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.InPlace, "true")));
    }
}
