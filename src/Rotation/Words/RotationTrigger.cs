using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

[JsonConverter(typeof(JsonStringEnumConverter<RotationTrigger>))]
public enum RotationTrigger
{
    [JsonStringEnumMemberName("schedule")] Schedule = 0,
    [JsonStringEnumMemberName("manual")] Manual = 1,
    [JsonStringEnumMemberName("emergency")] Emergency = 2,
}
