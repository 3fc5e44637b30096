using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Enums as users see them: in JSON, in addresses and on the command line.</summary>
public static class Words
{
    public static string Of(RotationState state) => state switch
    {
        RotationState.Planned => "planned",
        RotationState.Running => "running",
        RotationState.WaitingForApproval => "waiting-for-approval",
        RotationState.Grace => "grace",
        RotationState.RollingBack => "rolling-back",
        RotationState.Stuck => "stuck",
        RotationState.Paused => "paused",
        RotationState.WaitingForValue => "waiting-for-value",
        RotationState.WaitingForRevoke => "waiting-for-revoke",
        RotationState.Succeeded => "succeeded",
        RotationState.RolledBack => "rolled-back",
        RotationState.Rejected => "rejected",
        RotationState.Cancelled => "cancelled",
        RotationState.Superseded => "superseded",
        _ => state.ToString(),
    };

    /// <summary>With a full stop, so that another sentence can follow it.</summary>
    public static string Ended(string text) => text.Length == 0 || ".!?:…".Contains(text[^1], StringComparison.Ordinal) ? text : text + ".";

    public static string Of(ControlVerb verb) => verb switch
    {
        ControlVerb.SkipGrace => "skip-grace",
        ControlVerb.ExtendGrace => "extend-grace",
        _ => verb.ToString().ToLowerInvariant(),
    };

    public static RotationState? State(string word) =>
        Enum.GetValues<RotationState>().Where(state => Of(state) == word).Select(state => (RotationState?)state).FirstOrDefault();

    public static string Of(ScheduleGroup group) => JsonSerializer.SerializeToElement(group, ApiJson.Default.ScheduleGroup).GetString()!;

    /// <summary>A group of the status by its word in answers; null if there is none.</summary>
    public static ScheduleGroup? Group(string word) =>
        Enum.GetValues<ScheduleGroup>().Where(group => Of(group) == word).Select(group => (ScheduleGroup?)group).FirstOrDefault();

    public static ControlVerb? Verb(string word) =>
        Enum.GetValues<ControlVerb>().Where(verb => Of(verb) == word).Select(verb => (ControlVerb?)verb).FirstOrDefault();

    /// <summary>The status that an orchestration shows, or null if it shows none.</summary>
    public static RotationStatus? Status(string? customStatus)
    {
        try
        {
            return customStatus is null ? null : JsonSerializer.Deserialize(customStatus, RotationJson.Default.RotationStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
