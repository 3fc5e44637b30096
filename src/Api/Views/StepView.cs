using System.Text.Json.Serialization;

namespace Rotunda.Api.Views;

/// <summary>Where a step of a rotation is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepState>))]
public enum StepState
{
    /// <summary>Not begun.</summary>
    [JsonStringEnumMemberName("to-come")] ToCome = 0,
    [JsonStringEnumMemberName("running")] Running = 1,
    /// <summary>It waits for a person, for time, or for another attempt.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting = 2,
    [JsonStringEnumMemberName("done")] Done = 3,
    /// <summary>Its last attempt did not succeed.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 4,
    [JsonStringEnumMemberName("undone")] Undone = 5,
}

/// <summary>One step of a plan, and where it is.</summary>
/// <param name="Attempts">How many were made.</param>
/// <param name="Reason">What its last attempt said; null if nothing.</param>
/// <param name="Undo">The titles of its way back, in order.</param>
/// <param name="Facts">What its last attempt found.</param>
public sealed record StepView(
    string Id,
    string Kind,
    string Title,
    string? Target,
    string? Group,
    StepState State,
    int Attempts,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Reason,
    IReadOnlyList<string> Undo,
    IReadOnlyDictionary<string, string>? Facts);
