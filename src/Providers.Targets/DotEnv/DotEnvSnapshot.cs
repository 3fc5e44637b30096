using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.DotEnv;

/// <summary>What stood at our keys: the raw lines of each, none if it was absent.</summary>
internal sealed record DotEnvSnapshot(IReadOnlyDictionary<string, IReadOnlyList<string>> Keys)
{
    public SecretValue ToValue() => SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, DotEnvJson.Default.DotEnvSnapshot));

    public static DotEnvSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), DotEnvJson.Default.DotEnvSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DotEnvSnapshot))]
internal sealed partial class DotEnvJson : JsonSerializerContext;
