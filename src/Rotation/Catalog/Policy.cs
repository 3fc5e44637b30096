using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>The validated catalog.</summary>
/// <param name="Hash">SHA-256 (hex) of its text; where it includes files, of all of them.</param>
/// <param name="Folder">The folder that relative paths in settings are relative to, absolute.</param>
/// <param name="Stores">The stores it defines, by name. Those of <see cref="Head"/> are not among them.</param>
public sealed record RotationCatalog(
    IReadOnlyDictionary<string, Policy> Policies,
    string Hash,
    string Folder,
    IReadOnlyDictionary<string, ProviderBinding>? Stores = null)
{
    /// <summary>What the place it was read from calls this version: an ETag, or the time of writing. Null if it was not read from
    /// anywhere.</summary>
    public string? Version { get; init; }

    /// <summary>What a person should know of it, as file:line:column: message.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Its own file first, then those that it includes. Empty if it was not read from any.</summary>
    public IReadOnlyList<CatalogFileInForce> Files { get; init; } = [];

    /// <summary>Those whose roles are for some secrets only are told the names of these alone.</summary>
    public bool ReadersSeeOwn { get; init; }

    /// <summary>Who is told what; null if the catalog says nothing of it.</summary>
    public NoticePolicy? Notices { get; init; }

    /// <summary>What becomes of leaked values; null if the catalog says nothing of it.</summary>
    public LeakPolicy? Leaks { get; init; }

    /// <summary>The stores of the head that it was read for.</summary>
    public HeadStores Head { get; init; } = HeadStores.Embedded;
}

/// <summary>How one secret is rotated.</summary>
public sealed record Policy
{
    /// <summary>What it says that other secrets say too.</summary>
    internal PolicyTerms Terms { get; init; } = PolicyTerms.Usual;

    /// <summary>Lower-case letters, digits and hyphens, at most 63.</summary>
    public required string Name { get; init; }

    /// <summary>The name that it had before; its life goes on under the new one.</summary>
    public string? Was { get; init; }

    public string? Description { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required Strategy Strategy { get => Terms.Strategy; init => Terms = Terms with { Strategy = value }; }

    public required ProviderBinding Provider { get; init; }

    /// <summary>The store's name: one that the catalog defines, or one that comes with the head.</summary>
    public string Store { get => Terms.Store; init => Terms = Terms with { Store = value }; }

    public ValueRule Value { get => Terms.Value; init => Terms = Terms with { Value = value }; }

    /// <summary>Null: by <see cref="Cron"/>, or only on request.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Instead of an interval; null: by that, or only on request.</summary>
    public CronRule? Cron { get => Terms.Cron; init => Terms = Terms with { Cron = value }; }

    /// <summary>What says how often where neither an interval nor cron does; null if nothing was told.</summary>
    public RiskClass? Risk { get => Terms.Risk; init => Terms = Terms with { Risk = value }; }

    /// <summary>It rotates by no schedule because it is to rotate when it is compromised, and only then.</summary>
    public bool OnCompromise { get => Terms.OnCompromise; init => Terms = Terms with { OnCompromise = value }; }

    /// <summary>By up to so much each run is put off, so that not all secrets of one interval rotate in the same minute.</summary>
    public TimeSpan Jitter { get => Terms.Jitter; init => Terms = Terms with { Jitter = value }; }

    /// <summary>How long before the credential in use ends by itself it is due; null for the usual time.</summary>
    public TimeSpan? RenewBefore { get => Terms.RenewBefore; init => Terms = Terms with { RenewBefore = value }; }

    /// <summary>When scheduled rotations may start; null for always.</summary>
    public RotationWindow? Window { get => Terms.Window; init => Terms = Terms with { Window = value }; }

    /// <summary>When no scheduled rotation may start.</summary>
    public IReadOnlyList<ChangeFreeze> Freezes { get => Terms.Freezes; init => Terms = Terms with { Freezes = value }; }

    public MissedRun Missed { get => Terms.Missed; init => Terms = Terms with { Missed = value }; }

    /// <summary>The secret whose rotation must have succeeded before; null for none.</summary>
    public PrecedingSecret? After { get; init; }

    /// <summary>Null for a secret in no group.</summary>
    public RotationGroup? Group { get => Terms.Group; init => Terms = Terms with { Group = value }; }

    /// <summary>Null while scheduled rotations start as usual.</summary>
    public SchedulePause? Paused { get => Terms.Paused; init => Terms = Terms with { Paused = value }; }

    public TimeSpan Grace { get => Terms.Grace; init => Terms = Terms with { Grace = value }; }

    /// <summary>After how long it is due again where a person cancels or rejects a rotation and does not say.</summary>
    public TimeSpan AskAgain { get => Terms.AskAgain; init => Terms = Terms with { AskAgain = value }; }

    /// <summary>Dual-key: how long a token signed with the old key lives; the grace is at least this.</summary>
    public TimeSpan? TokenLifetime { get => Terms.TokenLifetime; init => Terms = Terms with { TokenLifetime = value }; }

    /// <summary>Dual-key: how long verifiers keep the keys that they have read; so long the new key is only accepted before it signs.
    /// Null for none.</summary>
    public TimeSpan? VerifierCache { get => Terms.VerifierCache; init => Terms = Terms with { VerifierCache = value }; }

    /// <summary>Re-encrypt: whether consumers run while their data is moved.</summary>
    public MigrationMode Migration { get => Terms.Migration; init => Terms = Terms with { Migration = value }; }

    /// <summary>What becomes of a rotation if a consumer is down before the start, unless the consumer says otherwise.</summary>
    public WhenDown WhenDown { get => Terms.WhenDown; init => Terms = Terms with { WhenDown = value }; }

    public ApprovalPolicy? Approval { get => Terms.Approval; init => Terms = Terms with { Approval = value }; }

    /// <summary>Supplied: what a person is asked for, and by when; null for what the provider says.</summary>
    public AskPolicy? Ask { get => Terms.Ask; init => Terms = Terms with { Ask = value }; }

    public OnDrift OnDrift { get => Terms.OnDrift; init => Terms = Terms with { OnDrift = value }; }

    public EvidencePolicy? Evidence { get => Terms.Evidence; init => Terms = Terms with { Evidence = value }; }

    /// <summary>For how long the old credential is disabled, as a trial, before it is revoked; null: it is revoked at once.</summary>
    public TimeSpan? DisableFor { get => Terms.DisableFor; init => Terms = Terms with { DisableFor = value }; }

    /// <summary>Texts made of its values, by name: templates with nothing but values in them. Targets have them written out.</summary>
    public IReadOnlyDictionary<string, string> Derived { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<TargetBinding> Targets { get; init; } = [];

    public IReadOnlyList<ConsumerBinding> Consumers { get; init; } = [];

    /// <summary>What is told about the credential in use at adoption; null if nothing is.</summary>
    public CurrentCredential? Current { get; init; }

    public RetryBudget Retry { get => Terms.Retry; init => Terms = Terms with { Retry = value }; }

    /// <summary>For one attempt of a step.</summary>
    public TimeSpan StepTimeout { get => Terms.StepTimeout; init => Terms = Terms with { StepTimeout = value }; }
}

[JsonConverter(typeof(JsonStringEnumConverter<MigrationMode>))]
public enum MigrationMode
{
    /// <summary>They run, and read with both keys.</summary>
    [JsonStringEnumMemberName("online")] Online = 0,
    /// <summary>They are stopped, and started again with the new key.</summary>
    [JsonStringEnumMemberName("offline")] Offline = 1,
}

/// <summary>What a rotation does where a target holds what Rotunda did not put there.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnDrift>))]
public enum OnDrift
{
    /// <summary>It changes nothing and ends: what stands there may be the only copy of a value that works.</summary>
    [JsonStringEnumMemberName("stop")] Stop = 0,
    /// <summary>It writes over it, on record.</summary>
    [JsonStringEnumMemberName("overwrite")] Overwrite = 1,
}

/// <summary>When scheduled rotations may start.</summary>
/// <param name="Days">Empty for every day.</param>
/// <param name="From">Local time of day in <paramref name="TimeZone"/>, inclusive.</param>
/// <param name="To">Exclusive. Before <paramref name="From"/>: the window runs past midnight.</param>
/// <param name="TimeZone">An IANA id.</param>
public sealed record RotationWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To, string TimeZone = "UTC");

[JsonConverter(typeof(JsonStringEnumConverter<ApprovalMoment>))]
public enum ApprovalMoment
{
    /// <summary>Before anything is touched.</summary>
    [JsonStringEnumMemberName("start")] Start = 0,
    /// <summary>Before the old credential is revoked.</summary>
    [JsonStringEnumMemberName("revoke")] Revoke = 1,
}

/// <param name="Timeout">After this without an answer the rotation is cancelled (start) or stuck (revoke); null waits for ever.</param>
public sealed record ApprovalPolicy(ApprovalMoment Before, TimeSpan? Timeout)
{
    /// <summary>How many people have to approve.</summary>
    public int Need { get; init; } = 1;

    /// <summary>Roles whose holders may; null, as with <see cref="People"/>, where it is not said.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>People who may; teams are written out.</summary>
    public IReadOnlyList<string>? People { get; init; }

    /// <summary>How often those who have not answered are reminded; null for never.</summary>
    public TimeSpan? Remind { get; init; }

    /// <summary>Who is told besides, where nobody answers; null for nobody.</summary>
    public EscalationPolicy? Escalate { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<EvidenceTimeoutAction>))]
public enum EvidenceTimeoutAction
{
    [JsonStringEnumMemberName("stuck")] Stuck = 0,
    [JsonStringEnumMemberName("proceed")] Proceed = 1,
}

/// <param name="QuietFor">How long the old credential must have been unused.</param>
/// <param name="Timeout">How long to wait for that.</param>
public sealed record EvidencePolicy(TimeSpan QuietFor, TimeSpan Timeout, EvidenceTimeoutAction OnTimeout = EvidenceTimeoutAction.Stuck);

/// <param name="Name">Unique among the secret's targets and consumers.</param>
/// <param name="Group">Targets of a lower group are delivered to and confirmed before those of a higher one; those of one group
/// side by side.</param>
/// <param name="ConfirmTimeout">How long arrival may take.</param>
public sealed record TargetBinding(string Name, ProviderBinding Provider, int Group, TimeSpan ConfirmTimeout)
{
    /// <summary>The names of the secret's derived values that its templates have in them, for people; the settings have them written
    /// out.</summary>
    public IReadOnlyList<string> Derived { get; init; } = [];
}

/// <param name="Name">Unique among the secret's targets and consumers.</param>
/// <param name="Group">It is restarted and checked when the targets up to this group have the value, before those of a higher
/// one; null: when all have.</param>
/// <param name="CheckTimeout">How long it may take until it is well with what was delivered; null: what the provider's kind of
/// consumers take, else the retries.</param>
public sealed record ConsumerBinding(string Name, ProviderBinding Provider, int? Group = null, TimeSpan? CheckTimeout = null)
{
    /// <summary>What becomes of a rotation if it is down before the start; null for what the policy says.</summary>
    public WhenDown? WhenDown { get; init; }
}

/// <param name="Id">The provider's id of the credential in use: a key id, or the account.</param>
/// <param name="ValueReference">Where its value can be read: env:, file:, store:, key-vault:.</param>
public sealed record CurrentCredential(string? Id, string? ValueReference)
{
    /// <summary>Its name at the provider, by which it is found in the list; null if it is not told.</summary>
    public string? Name { get; init; }
}
