using System.Text.Json.Serialization;

namespace Rotunda.Leaks.Run;

/// <summary>The names of what looks after leaks, as histories hold them.</summary>
public static class LeakNames
{
    public const string Orchestration = "SettleLeak";
    public const string Activity = "LeakTurn";
    public const string AlertOrchestration = "LeakAlert";
    public const string AlertActivity = "LeakAlertTurn";

    /// <summary>What the ids of the instances begin with, before the credential's id. No rotation's id has a colon.</summary>
    public const string InstancePrefix = "leak:";

    /// <summary>Before the alert's kind and place.</summary>
    public const string AlertPrefix = "leak-alert:";
}

/// <summary>Input of the orchestration that looks after a leaked credential until it is dead. Holds no value.</summary>
/// <param name="Credential">The ledger's id.</param>
/// <param name="By">Who reported it.</param>
/// <param name="Last">Where an earlier generation of the orchestration stopped; null at the start.</param>
public sealed record LeakInput(
    long Credential, string Secret, string By, string Where, string Incident, DateTimeOffset FoundAt, LeakTurnResult? Last = null);

/// <summary>Input of <see cref="LeakNames.Activity"/>.</summary>
public sealed record LeakTurnInput(LeakInput Leak, LeakTurnResult? Last);

/// <summary>How it stands after a turn.</summary>
/// <param name="State">"rotating", "ending", "asked", "waiting", "dead" or "given-up".</param>
/// <param name="Message">For people.</param>
/// <param name="RotationId">The rotation that ends it; null for none.</param>
/// <param name="Starts">How many rotations were started for it.</param>
public sealed record LeakTurnResult(string State, string Message, string? RotationId = null, int Starts = 0)
{
    public DateTimeOffset? DeadAt { get; init; }

    /// <summary>How often people were asked. Histories of earlier releases do not have it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Asks { get; init; }

    [JsonIgnore]
    public bool HasEnded => State is "dead" or "given-up";
}

/// <summary>Input of the orchestration that looks after an alert of GitHub until it is closed there.</summary>
/// <param name="Repository">OWNER/NAME.</param>
/// <param name="Number">The alert's.</param>
public sealed record AlertInput(string Repository, long Number, AlertTurnResult? Last = null)
{
    /// <summary>When it came in; null in histories of earlier releases.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>Input of <see cref="LeakNames.AlertActivity"/>.</summary>
public sealed record AlertTurnInput(AlertInput Alert, AlertTurnResult? Last);

/// <param name="State">"looking", "waiting", "closing", "closed", "unknown" or "given-up".</param>
/// <param name="Credentials">Whose end is waited for; empty before they are known.</param>
/// <param name="Failures">Calls in a row that failed.</param>
/// <param name="IsTold">People were told that they fail.</param>
public sealed record AlertTurnResult(
    string State, string Message, IReadOnlyList<AlertCredential> Credentials, int Failures = 0, bool IsTold = false)
{
    /// <summary>After so many failures in a row, the last of them an hour apart, nothing is to be hoped for: about a week.</summary>
    private const int MostFailures = 180;

    /// <summary>How often it could be looked after again, after people were told that it could not. Histories of earlier releases do not
    /// have it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Mended { get; init; }

    [JsonIgnore]
    public bool HasEnded => State is "closed" or "unknown" or "given-up";

    /// <summary>This one after one more failure: given up if it was the last that is borne.</summary>
    public AlertTurnResult Failed(string why) => this with
    {
        State = Failures + 1 >= MostFailures ? "given-up" : State, Message = why, Failures = Failures + 1,
    };
}

public sealed record AlertCredential(string Secret, long Credential);

/// <summary>The contracts of everything that goes into a leak's history.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LeakInput))]
[JsonSerializable(typeof(LeakTurnInput))]
[JsonSerializable(typeof(LeakTurnResult))]
[JsonSerializable(typeof(AlertInput))]
[JsonSerializable(typeof(AlertTurnInput))]
[JsonSerializable(typeof(AlertTurnResult))]
public sealed partial class LeakJson : JsonSerializerContext;
