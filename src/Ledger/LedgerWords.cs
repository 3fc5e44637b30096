using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>How states and times are written in the ledger's columns: words for those who query by SQL, times in UTC that sort as
/// text.</summary>
public static class LedgerWords
{
    private const string HandedOver = "handed-over";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private static readonly Dictionary<RotationState, string> States = new()
    {
        [RotationState.Planned] = "planned",
        [RotationState.Running] = "running",
        [RotationState.WaitingForApproval] = "waiting-for-approval",
        [RotationState.Grace] = "grace",
        [RotationState.RollingBack] = "rolling-back",
        [RotationState.Stuck] = "stuck",
        [RotationState.Paused] = "paused",
        [RotationState.WaitingForValue] = "waiting-for-value",
        [RotationState.WaitingForRevoke] = "waiting-for-revoke",
        [RotationState.Succeeded] = "succeeded",
        [RotationState.RolledBack] = "rolled-back",
        [RotationState.Rejected] = "rejected",
        [RotationState.Cancelled] = "cancelled",
        [RotationState.Superseded] = "superseded",
    };

    private static readonly Dictionary<string, RotationState> StatesByWord =
        States.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    public static string Of(RotationState state) => States[state];

    public static RotationState State(string word) => StatesByWord[word];

    public static string Of(CredentialState state) =>
        state == CredentialState.HandedOver ? HandedOver : state.ToString().ToLowerInvariant();

    public static CredentialState Credential(string word) =>
        word == HandedOver ? CredentialState.HandedOver : Enum.Parse<CredentialState>(word, ignoreCase: true);

    /// <summary>What a run is that makes no new value; null for a rotation.</summary>
    public static string? KindOf(Strategy strategy) => strategy switch
    {
        Strategy.Deliver => "deliver",
        Strategy.Retire => "retire",
        _ => null,
    };

    public static string Of(RotationTrigger trigger) => trigger.ToString().ToLowerInvariant();

    public static RotationTrigger Trigger(string word) => Enum.Parse<RotationTrigger>(word, ignoreCase: true);

    public static string Of(CampaignKind kind) => kind.ToString().ToLowerInvariant();

    public static CampaignKind Campaign(string word) => Enum.Parse<CampaignKind>(word, ignoreCase: true);

    public static string Of(CampaignState state) => state.ToString().ToLowerInvariant();

    public static CampaignState CampaignStateOf(string word) => Enum.Parse<CampaignState>(word, ignoreCase: true);

    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Null for what is no time as the ledger writes them.</summary>
    public static DateTimeOffset? TryTime(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;

    public static string ActionOf(StepOutcomeKind kind) => kind switch
    {
        StepOutcomeKind.Done => AuditActions.StepDone,
        StepOutcomeKind.AlreadyDone => AuditActions.StepAlreadyDone,
        StepOutcomeKind.Rejected => AuditActions.StepRejected,
        StepOutcomeKind.RetryLater => AuditActions.StepRetryLater,
        StepOutcomeKind.NewValueNeeded => AuditActions.StepNewValueNeeded,
        StepOutcomeKind.Fenced => AuditActions.StepFenced,
        StepOutcomeKind.Continue => AuditActions.StepContinue,
        _ => AuditActions.StepUnknown,
    };
}
