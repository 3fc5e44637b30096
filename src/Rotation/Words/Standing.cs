using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>How a place (a target, or the secret's own provider) stands to the value in use.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
public enum Standing
{
    /// <summary>It holds the value in use; at the provider: the value in use authenticates.</summary>
    [JsonStringEnumMemberName("same")] Same = 0,
    /// <summary>It holds something else.</summary>
    [JsonStringEnumMemberName("differs")] Differs = 1,
    /// <summary>It holds nothing.</summary>
    [JsonStringEnumMemberName("missing")] Missing = 2,
    /// <summary>It could not be asked, or its answer does not tell.</summary>
    [JsonStringEnumMemberName("cannot-tell")] CannotTell = 3,
}
