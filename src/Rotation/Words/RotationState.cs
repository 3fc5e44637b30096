using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>Where a rotation is. The last five are final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RotationState>))]
public enum RotationState
{
    /// <summary>On record with its plan; its orchestration is about to start.</summary>
    [JsonStringEnumMemberName("planned")] Planned = 0,
    [JsonStringEnumMemberName("running")] Running = 1,
    [JsonStringEnumMemberName("waiting-for-approval")] WaitingForApproval = 2,
    [JsonStringEnumMemberName("grace")] Grace = 3,
    [JsonStringEnumMemberName("rolling-back")] RollingBack = 4,
    /// <summary>Needs a person: the reason, the next action and the verb are in the status.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck = 5,
    /// <summary>A person halted a step that is done in slices; a resume goes on where it was.</summary>
    [JsonStringEnumMemberName("paused")] Paused = 6,
    /// <summary>A person is to make a credential and to give its value.</summary>
    [JsonStringEnumMemberName("waiting-for-value")] WaitingForValue = 7,
    /// <summary>No API ends the old credential: a person is to end it, and to say so.</summary>
    [JsonStringEnumMemberName("waiting-for-revoke")] WaitingForRevoke = 8,
    [JsonStringEnumMemberName("succeeded")] Succeeded = 10,
    /// <summary>A step failed and everything was undone.</summary>
    [JsonStringEnumMemberName("rolled-back")] RolledBack = 11,
    /// <summary>An approver said no; everything was undone.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected = 12,
    /// <summary>A person cancelled it (or no approval came in time); everything was undone.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled = 13,
    /// <summary>An emergency took over its credentials.</summary>
    [JsonStringEnumMemberName("superseded")] Superseded = 14,
}

public static class RotationStates
{
    public static bool IsFinal(this RotationState state) => state >= RotationState.Succeeded;
}
