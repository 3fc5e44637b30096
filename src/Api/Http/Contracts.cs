using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

// What goes in.

/// <summary>Body of POST /api/rotations.</summary>
public sealed record StartBody(string? Secret, string? Reason, RotationTrigger? Trigger = null, string? Incident = null, bool RevokeFirst = false);

/// <summary>Body of the control routes.</summary>
/// <param name="By">With extend-grace: a duration such as 2h or 1d12h.</param>
public sealed record ControlBody(string? Reason, string? By = null);

// What comes out.

public sealed record HealthView(string Status, IReadOnlyDictionary<string, string>? Checks = null);

/// <summary>One line of the status.</summary>
/// <param name="Message">For people: why it is in its group.</param>
public sealed record SecretSummary(
    string Name,
    ScheduleGroup Group,
    string Message,
    string? Description,
    string? Owner,
    IReadOnlyList<string> Tags,
    Strategy Strategy,
    string Provider,
    DateTimeOffset? LastRotatedAt,
    DateTimeOffset? NextDueAt,
    string? ActiveRotationId,
    int FailuresInARow,
    int Orphans);

public sealed record SecretList(IReadOnlyList<SecretSummary> Secrets);

/// <summary>A credential as anyone may see it.</summary>
public sealed record CredentialView(
    long Id,
    CredentialState State,
    int RotationNumber,
    string? ProviderCredentialId,
    string? Account,
    string? Fingerprint,
    SecretRef? Value,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    string? Note);

public sealed record SecretView(
    SecretSummary Summary,
    string Store,
    TimeSpan? Interval,
    TimeSpan Grace,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Consumers,
    IReadOnlyList<CredentialView> Credentials,
    IReadOnlyList<RotationSummary> Rotations);

public sealed record RotationSummary(
    string Id,
    string Secret,
    int Number,
    RotationState State,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? Detail,
    DateTimeOffset? Until);

public sealed record RotationList(IReadOnlyList<RotationSummary> Rotations);

/// <param name="Progress">What the orchestration shows; null once it has ended or before it began.</param>
/// <param name="Engine">The orchestration's own status in a word; null if there is none.</param>
public sealed record RotationView(
    RotationSummary Rotation,
    RotationStatus? Progress,
    string? Engine,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<CredentialView> Credentials,
    RotationPlan Plan);

public sealed record TimelineEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string? StepId, string? Detail);

/// <param name="Existing">True if the idempotency key was used before and this is what it started.</param>
public sealed record StartedView(string RotationId, bool Existing, string? SupersededId);

public sealed record ControlView(string RotationId, string Message);

public sealed record AuditRowView(
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Action,
    string? Secret,
    string? RotationId,
    string? StepId,
    string? Detail,
    string PreviousHash,
    string Hash);

/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditRowView> Rows, long? Next);

/// <summary>A refusal (RFC 9457).</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Field">The field or parameter at fault.</param>
/// <param name="RotationId">With 409: the rotation in the way.</param>
public sealed record ProblemView(string Type, string Title, int Status, string Code, string? Detail, string? Field = null, string? RotationId = null);

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(StartBody))]
[JsonSerializable(typeof(ControlBody))]
internal sealed partial class BodyJson : JsonSerializerContext;

/// <summary>Contracts of the answers. The command line reads them with the same.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartBody))]
[JsonSerializable(typeof(ControlBody))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(SecretList))]
[JsonSerializable(typeof(SecretView))]
[JsonSerializable(typeof(RotationList))]
[JsonSerializable(typeof(RotationView))]
[JsonSerializable(typeof(StartedView))]
[JsonSerializable(typeof(ControlView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditRowView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(RotationPlan))]
public sealed partial class ApiJson : JsonSerializerContext;
