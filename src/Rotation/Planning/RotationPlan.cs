using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// One rotation as data, frozen at its start. The dry run, the approval prompt, the timeline, the audit and the interpreter
/// all read this same object; a later change of the catalog or of Rotunda does not touch it.
/// </summary>
/// <param name="InterpreterVersion">Which version of the interpreter runs it.</param>
/// <param name="RotationId">"{secret}-{number}"; also the instance id.</param>
/// <param name="Number">The fence: grows by one with each rotation of the secret.</param>
/// <param name="Warnings">What a person should know, for example an old credential that must be revoked by hand.</param>
/// <param name="CatalogHash">SHA-256 (hex) of the catalog it was planned from.</param>
/// <param name="Stores">The catalog's stores that hold the secret's values, by name; null for the embedded one alone.</param>
public sealed record RotationPlan(
    int InterpreterVersion,
    string RotationId,
    string Secret,
    int Number,
    Strategy Strategy,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident,
    DateTimeOffset PlannedAt,
    string Store,
    ValueRule Value,
    IReadOnlyList<PlannedStep> Steps,
    IReadOnlyList<string> Warnings,
    string CatalogHash,
    IReadOnlyDictionary<string, ProviderBinding>? Stores = null)
{
    /// <summary>Version 2 looks again by itself at what is stuck for want of an answer, and says when what a person stopped is due
    /// again. Version 3 holds what ends the old credential (<see cref="StepKinds.Hold"/>) and waits for caches
    /// (<see cref="StepKinds.Wait"/>). Version 4 asks a person for a value (<see cref="StepKinds.Ask"/>) and for the end of the old one
    /// (<see cref="StepKinds.ConfirmRevoked"/>).</summary>
    public const int CurrentInterpreterVersion = 4;

    /// <summary>Plans of this version and later ones run here.</summary>
    public const int OldestInterpreterVersion = 1;

    /// <summary>The version since which what is stuck for want of an answer is looked at again.</summary>
    public const int LooksAgainSince = 2;

    /// <summary>The version since which a plan holds what ends the old credential.</summary>
    public const int HoldsSince = 3;

    /// <summary>What the catalog's place called that version (an ETag, a time of writing); null if it was not told.</summary>
    public string? CatalogVersion { get; init; }

    /// <summary>After how long the secret is due again where a person cancels or rejects this rotation; null for plans of old.</summary>
    public TimeSpan? AskAgain { get; init; }

    /// <summary>With <see cref="Strategy.Deliver"/> and <see cref="Strategy.Retire"/>: the one the secret is rotated with.</summary>
    public Strategy? SecretStrategy { get; init; }

    /// <summary>The step that skip-grace means where it names none: the first grace period. Null in a plan without one.</summary>
    [JsonIgnore]
    public string? GraceStepId => Steps.FirstOrDefault(step => step.Kind == StepKinds.Grace)?.Id;

    /// <summary>The beginning of the label of this rotation's credential at the provider, by which it is found again. The ledger puts a
    /// part of its own salt behind it.</summary>
    public string Label => $"rotunda-{Secret}-{Number}";
}

/// <summary>One step of a plan.</summary>
/// <param name="Id">Unique in the plan, readable: "deliver-app-env-1".</param>
/// <param name="Kind">One of <see cref="StepKinds"/>.</param>
/// <param name="Title">For people, in the imperative: "Deliver {new, old} to app-env".</param>
/// <param name="Target">The target's or consumer's name, for the timeline; null for steps on the secret's own provider.</param>
/// <param name="Provider">The system the step talks to, with its settings (references only); null where none is.</param>
/// <param name="Settings">The step's own settings, named in <see cref="StepSettings"/>.</param>
/// <param name="Timeout">For one attempt. For Approval: how long to wait; null there waits for ever. For Evidence: the whole gate.</param>
/// <param name="Retry">The budget.</param>
/// <param name="Group">Neighbouring steps of one group run side by side; null runs alone.</param>
/// <param name="Undo">The way back, in the order to run, once the step has been started. Empty where nothing needs undoing.</param>
public sealed record PlannedStep(
    string Id,
    string Kind,
    string Title,
    string? Target,
    ProviderBinding? Provider,
    IReadOnlyDictionary<string, string> Settings,
    TimeSpan? Timeout,
    RetryBudget Retry,
    string? Group,
    IReadOnlyList<PlannedUndo> Undo);

/// <summary>One step of the way back. Durable and repeatable like any step.</summary>
/// <param name="Retry">The budget; null for the step's own.</param>
public sealed record PlannedUndo(
    string Id,
    string Kind,
    string Title,
    string? Target,
    ProviderBinding? Provider,
    IReadOnlyDictionary<string, string> Settings,
    RetryBudget? Retry = null);
