using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>What stood at our keys and annotations; null for what was absent.</summary>
internal sealed record SecretSnapshotInPlace(IReadOnlyDictionary<string, string?> Keys, IReadOnlyDictionary<string, string?> Annotations)
{
    public SecretValue ToValue() =>
        SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, SecretSnapshotJson.Default.SecretSnapshotInPlace));

    public static SecretSnapshotInPlace Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), SecretSnapshotJson.Default.SecretSnapshotInPlace)!;
}

/// <summary>Which Secret each workload took its values from.</summary>
internal sealed record SecretSnapshotOfNames(IReadOnlyDictionary<string, string> Names)
{
    public SecretValue ToValue() =>
        SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, SecretSnapshotJson.Default.SecretSnapshotOfNames));

    public static SecretSnapshotOfNames Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), SecretSnapshotJson.Default.SecretSnapshotOfNames)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SecretSnapshotInPlace))]
[JsonSerializable(typeof(SecretSnapshotOfNames))]
internal sealed partial class SecretSnapshotJson : JsonSerializerContext;
