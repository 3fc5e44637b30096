using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>How much a notice presses. Fixed for each kind.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeSeverity>))]
public enum NoticeSeverity
{
    /// <summary>Good to know; nobody has to act.</summary>
    [JsonStringEnumMemberName("calm")] Calm = 0,

    /// <summary>A person has to act in the next days.</summary>
    [JsonStringEnumMemberName("warning")] Warning = 1,

    /// <summary>A person has to act now. Sent at any hour.</summary>
    [JsonStringEnumMemberName("urgent")] Urgent = 2,
}
