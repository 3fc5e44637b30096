using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>The keys and choices of the catalog's language: one place for the reader and the schema.</summary>
internal static class CatalogWords
{
    public static readonly string[] Root =
        ["version", "include", "stores", "groups", "teams", "readersSee", "notices", "leaks", "defaults", "secrets"];

    /// <summary>Those that an included file may have.</summary>
    public static readonly string[] Included = ["version", "defaults", "secrets"];

    public static readonly string[] Include = ["files", "optional"];

    public static readonly string[] Defaults =
    [
        "store", "grace", "retry", "stepTimeout", "interval", "frequencies", "jitter", "window", "freezes", "missed", "paused", "approval",
        "approvals", "whenDown", "onDrift",
    ];

    public static readonly string[] Secret =
    [
        "description", "owner", "was", "tags", "strategy", "provider", "store", "value", "interval", "cron", "timeZone", "risk",
        "jitter", "renewBefore", "window", "freezes", "missed", "after", "group", "paused", "askAgain",
        "grace", "tokenLifetime", "verifierCache", "migration", "whenDown", "ask",
        "approval", "evidence", "revoke", "onDrift", "retry", "stepTimeout", "current", "derived", "targets", "consumers",
    ];

    public static readonly string[] Value = ["format", "length", "alphabet", "prefix"];

    public static readonly string[] Window = ["days", "from", "to", "timeZone"];

    public static readonly string[] Freeze = ["from", "to", "timeZone", "feed", "authorization", "every", "trustFor", "whenUnread"];

    public static readonly string[] After = ["secret", "soak"];

    public static readonly string[] Group = ["atOnce", "order"];

    public static readonly string[] Paused = ["until", "timeZone", "reason"];

    public static readonly string[] Ask =
        ["create", "link", "scopes", "name", "from", "due", "remindEvery", "escalate", "expiresAfter", "value"];

    public static readonly string[] AskValue = ["prefix", "pattern", "minLength", "maxLength", "lineEnds"];

    public static readonly string[] Approval = ["before", "timeout", "need", "from", "remind", "escalate"];

    public static readonly string[] Escalate = ["after", "to"];

    public static readonly string[] ApprovalFrom = ["roles", "people", "teams"];

    public static readonly string[] Evidence = ["quietFor", "timeout", "onTimeout"];

    public static readonly string[] Revoke = ["disableFor"];

    public static readonly string[] Retry = ["attempts", "first", "max"];

    public static readonly string[] Current = ["id", "name", "value"];

    public static readonly string[] Provider = ["type"];

    public static readonly string[] Target = ["type", "group", "confirmTimeout"];

    public static readonly string[] Consumer = ["type", "group", "checkTimeout", "whenDown"];

    public static readonly string[] Store = ["type"];

    public static readonly string[] Notices = ["link", "people", "before", "contact", "texts", "channels", "routes"];

    public static readonly string[] Leaks = ["policy", "github"];

    public static readonly string[] LeaksGitHub = ["secret", "token", "apiUrl"];

    public static readonly string[] NoticeText = ["title", "text"];

    public static readonly string[] Channel = ["type", "quietHours", "digest"];

    public static readonly string[] Digest = ["at", "timeZone"];

    public static readonly string[] Route = ["to", "owner", "tags", "severity", "kinds"];

    public const int MinLength = 16;
    public const int MaxTextLength = 1024;
    public const int MaxBytesLength = 512;
    public const int MaxAttempts = 100;
    public const int MaxGroup = 100;
    public const int MaxNameLength = 63;
    public const string NamePattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
    public const string TimePattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    public static readonly IReadOnlyDictionary<string, Strategy> Strategies = new Dictionary<string, Strategy>(StringComparer.Ordinal)
    {
        ["overlap"] = Strategy.Overlap,
        ["alternate"] = Strategy.Alternate,
        ["in-place"] = Strategy.InPlace,
        ["dual-key"] = Strategy.DualKey,
        ["re-encrypt"] = Strategy.ReEncrypt,
        ["supplied"] = Strategy.Supplied,
        ["leased"] = Strategy.Leased,
    };

    public static readonly IReadOnlyDictionary<string, ValueFormat> Formats = new Dictionary<string, ValueFormat>(StringComparer.Ordinal)
    {
        ["text"] = ValueFormat.Text,
        ["hex"] = ValueFormat.Hex,
        ["base64"] = ValueFormat.Base64,
        ["base64url"] = ValueFormat.Base64Url,
        ["uuid"] = ValueFormat.Uuid,
        ["fernet-key"] = ValueFormat.FernetKey,
        ["ssh-ecdsa"] = ValueFormat.SshEcdsa,
    };

    public static readonly IReadOnlyDictionary<string, MigrationMode> Migrations = new Dictionary<string, MigrationMode>(
        StringComparer.Ordinal)
    {
        ["online"] = MigrationMode.Online,
        ["offline"] = MigrationMode.Offline,
    };

    public static readonly IReadOnlyDictionary<string, DayOfWeek> Days = new Dictionary<string, DayOfWeek>(StringComparer.Ordinal)
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    public static readonly IReadOnlyDictionary<string, LeakAnswerKind> LeakAnswers = new Dictionary<string, LeakAnswerKind>(
        StringComparer.Ordinal)
    {
        ["rotate"] = LeakAnswerKind.Rotate,
        ["ask"] = LeakAnswerKind.Ask,
    };

    /// <summary>What those are told whose roles are for some secrets only: true for these alone.</summary>
    public static readonly IReadOnlyDictionary<string, bool> ReadersSee = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["all"] = false,
        ["own"] = true,
    };

    public static readonly IReadOnlyDictionary<string, RiskClass> Risks = new Dictionary<string, RiskClass>(StringComparer.Ordinal)
    {
        ["high"] = RiskClass.High,
        ["database"] = RiskClass.Database,
        ["key"] = RiskClass.Key,
        ["low"] = RiskClass.Low,
        ["infrastructure"] = RiskClass.Infrastructure,
    };

    public static readonly IReadOnlyDictionary<string, MissedRun> MissedRuns = new Dictionary<string, MissedRun>(StringComparer.Ordinal)
    {
        ["next-window"] = MissedRun.NextWindow,
        ["at-once"] = MissedRun.AtOnce,
        ["ask"] = MissedRun.Ask,
    };

    /// <summary>Whether scheduled rotations are held while nobody knows what a feed says.</summary>
    public static readonly IReadOnlyDictionary<string, bool> WhenUnread = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["hold"] = true,
        ["proceed"] = false,
    };

    public static readonly IReadOnlyDictionary<string, ApprovalMoment> Moments = new Dictionary<string, ApprovalMoment>(
        StringComparer.Ordinal)
    {
        ["start"] = ApprovalMoment.Start,
        ["revoke"] = ApprovalMoment.Revoke,
    };

    public static readonly IReadOnlyDictionary<string, WhenDown> WhenDowns = new Dictionary<string, WhenDown>(StringComparer.Ordinal)
    {
        ["refuse"] = WhenDown.Refuse,
        ["proceed"] = WhenDown.Proceed,
    };

    public static readonly IReadOnlyDictionary<string, EvidenceTimeoutAction> TimeoutActions =
        new Dictionary<string, EvidenceTimeoutAction>(StringComparer.Ordinal)
    {
        ["stuck"] = EvidenceTimeoutAction.Stuck,
        ["proceed"] = EvidenceTimeoutAction.Proceed,
    };

    public static readonly IReadOnlyDictionary<string, OnDrift> DriftActions = new Dictionary<string, OnDrift>(StringComparer.Ordinal)
    {
        ["stop"] = OnDrift.Stop,
        ["overwrite"] = OnDrift.Overwrite,
    };

    public static string Of(Strategy strategy) => strategy switch
    {
        Strategy.Deliver => "deliver",
        Strategy.Retire => "retire",
        _ => Strategies.First(s => s.Value == strategy).Key,
    };

    /// <summary>Names of secrets, targets and consumers.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name[0] != '-' && name[^1] != '-'
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
