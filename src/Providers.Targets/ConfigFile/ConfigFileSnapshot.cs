using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>What stood at our paths.</summary>
internal sealed record ConfigFileSnapshot(IReadOnlyDictionary<string, KeptValue> Keys)
{
    public SecretValue ToValue() =>
        SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, ConfigFileJson.Default.ConfigFileSnapshot));

    public static ConfigFileSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), ConfigFileJson.Default.ConfigFileSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConfigFileSnapshot))]
internal sealed partial class ConfigFileJson : JsonSerializerContext;
