using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

[JsonConverter(typeof(JsonStringEnumConverter<StepOutcomeKind>))]
public enum StepOutcomeKind
{
    Done = 0,
    AlreadyDone = 1,
    /// <summary>Known to have done nothing, and trying again will not help.</summary>
    Rejected = 2,
    /// <summary>Did nothing that matters yet; may work later. A way back takes it as not done: where something may have changed, say
    /// <see cref="Unknown"/>.</summary>
    RetryLater = 3,
    /// <summary>This value cannot be used (refused by a password policy, lost before it was stored): mint another.</summary>
    NewValueNeeded = 4,
    /// <summary>May or may not have happened. The next attempt looks first.</summary>
    Unknown = 5,
    /// <summary>The ledger says that another rotation has taken over: stop here, undo nothing.</summary>
    Fenced = 6,
    /// <summary>A part is done and durable, and there is more: run the step again at once. Costs nothing of its retries.</summary>
    Continue = 7,
}

/// <summary>
/// What came of one attempt of a step. A step says Rejected only if it knows that nothing happened.
/// Holds no secret value: reasons and facts are shown to people and kept in histories.
/// </summary>
/// <param name="Reason">For people. Null only for Done, AlreadyDone and Continue.</param>
/// <param name="RetryAfter">With RetryLater: the provider's own wish (Retry-After); null for the plan's backoff.</param>
/// <param name="Facts">What the timeline shows besides: ids, fingerprints, versions, counts.</param>
public sealed record StepOutcome(
    StepOutcomeKind Kind,
    string? Reason = null,
    TimeSpan? RetryAfter = null,
    IReadOnlyDictionary<string, string>? Facts = null)
{
    [JsonIgnore]
    public bool Succeeded => Kind is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone;

    public static StepOutcome Done(params (string Name, string? Value)[] facts) => new(StepOutcomeKind.Done, Facts: ToFacts(facts));

    public static StepOutcome AlreadyDone(params (string Name, string? Value)[] facts) =>
        new(StepOutcomeKind.AlreadyDone, Facts: ToFacts(facts));

    /// <param name="facts">How far it is: <see cref="StepFacts"/>.</param>
    public static StepOutcome Continue(params (string Name, string? Value)[] facts) => new(StepOutcomeKind.Continue, Facts: ToFacts(facts));

    public static StepOutcome Rejected(string reason) => new(StepOutcomeKind.Rejected, reason);

    public static StepOutcome RetryLater(string reason, TimeSpan? after = null) => new(StepOutcomeKind.RetryLater, reason, after);

    /// <summary>As <see cref="RetryLater"/>, of a look at a target: it was read, and holds something else than what is expected.</summary>
    public static StepOutcome Differs(string reason) =>
        RetryLater(reason) with { Facts = ToFacts([(StepFacts.Standing, "differs")]) };

    /// <summary>As <see cref="Differs"/>: it holds nothing at all.</summary>
    public static StepOutcome Missing(string reason) =>
        RetryLater(reason) with { Facts = ToFacts([(StepFacts.Standing, "missing")]) };

    /// <summary>What a look at a target that ended like this says of it.</summary>
    [JsonIgnore]
    public Standing Standing => Succeeded ? Standing.Same : Facts?.GetValueOrDefault(StepFacts.Standing) switch
    {
        "differs" => Standing.Differs,
        "missing" => Standing.Missing,
        _ => Standing.CannotTell,
    };

    public static StepOutcome NewValueNeeded(string reason) => new(StepOutcomeKind.NewValueNeeded, reason);

    public static StepOutcome Unknown(string reason) => new(StepOutcomeKind.Unknown, reason);

    public static StepOutcome Fenced(string reason) => new(StepOutcomeKind.Fenced, reason);

    private static Dictionary<string, string>? ToFacts((string Name, string? Value)[] facts) =>
        facts.Length == 0 ? null : facts.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value!, StringComparer.Ordinal);
}
