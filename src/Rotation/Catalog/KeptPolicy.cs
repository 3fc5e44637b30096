using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the ledger keeps of a secret's policy, to know how to end its credentials once it has left the catalog. It holds
/// references only, as the catalog does.</summary>
/// <param name="Stores">Those of the catalog.</param>
public sealed record KeptPolicy(Policy Policy, IReadOnlyDictionary<string, ProviderBinding>? Stores)
{
    public string ToText() => JsonSerializer.Serialize(this, KeptPolicyJson.Default.KeptPolicy);

    /// <summary>Null for what this release cannot read.</summary>
    public static KeptPolicy? Of(string? text)
    {
        try
        {
            return text is not null && JsonSerializer.Deserialize(text, KeptPolicyJson.Default.KeptPolicy) is { Policy: not null } kept
                ? kept
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptPolicy))]
internal sealed partial class KeptPolicyJson : JsonSerializerContext;
