using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>The detail of a step's audit rows.</summary>
/// <param name="Undo">The undo's id, when the attempt was one of an undo.</param>
/// <param name="DurationMs">From the attempt's intent to its end; null on the intent.</param>
public sealed record StepDetail(
    string Kind,
    string Title,
    string? Target,
    string? Undo,
    int Attempt,
    StepOutcomeKind? Outcome = null,
    string? Reason = null,
    TimeSpan? RetryAfter = null,
    IReadOnlyDictionary<string, string>? Facts = null,
    long? DurationMs = null)
{
    /// <summary>Reads the detail of an audit row whose action begins with "step."; null for any other.</summary>
    public static StepDetail? Of(AuditRow row) => row.Step;
}

/// <summary>The detail of the audit rows that a change of state writes.</summary>
public sealed record StateDetail(string State, int Sequence, string? Detail, DateTimeOffset? Until)
{
    /// <summary>Reads the detail of such a row; the row has to be one.</summary>
    public static StateDetail? Of(AuditRow row) =>
        row.Detail is null ? null : JsonSerializer.Deserialize(row.Detail, LedgerJson.Default.StateDetail);
}

/// <summary>The detail of a credential's audit rows.</summary>
public sealed record CredentialDetail(
    long Credential,
    string? ProviderCredentialId,
    string? Account,
    string? Label,
    string? Fingerprint = null,
    string? Value = null,
    string? Note = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>The detail of <see cref="AuditActions.RotationPlanned"/>.</summary>
public sealed record PlannedDetail(
    int Number,
    string Strategy,
    string Trigger,
    string Reason,
    string? Incident,
    string CatalogHash,
    string PlanHash);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StepDetail))]
[JsonSerializable(typeof(StateDetail))]
[JsonSerializable(typeof(CredentialDetail))]
[JsonSerializable(typeof(PlannedDetail))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(ClockRecord))]
[JsonSerializable(typeof(LeaseState))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LedgerJson : JsonSerializerContext;
