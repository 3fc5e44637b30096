using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Catalog;

/// <summary>What becomes of a rotation if a consumer is down before anything was changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WhenDown>))]
public enum WhenDown
{
    /// <summary>It is refused: afterwards nobody could tell whether the new value or something else keeps the consumer down.</summary>
    [JsonStringEnumMemberName("refuse")] Refuse = 0,
    /// <summary>It goes on, and waits for that consumer neither on the way there nor on the way back.</summary>
    [JsonStringEnumMemberName("proceed")] Proceed = 1,
}
