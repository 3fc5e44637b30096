using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Ledger;

/// <summary>What the audit holds of a leaked value that is known here.</summary>
/// <param name="Credential">The ledger's id.</param>
/// <param name="State">The credential's at that time.</param>
/// <param name="Where">Where it was found: the scanner, its rule, the file; never the value.</param>
/// <param name="Incident">What the rotation for it is started under.</param>
/// <param name="Message">What was done, or is asked for; null where the action says it all.</param>
public sealed record LeakDetail(long Credential, string? Fingerprint, string State, string Where, string Incident, string? Message = null)
{
    public string ToText() => JsonSerializer.Serialize(this, LeakDetailJson.Default.LeakDetail);

    /// <summary>Null for what is none.</summary>
    public static LeakDetail? Of(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, LeakDetailJson.Default.LeakDetail);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LeakDetail))]
internal sealed partial class LeakDetailJson : JsonSerializerContext;
