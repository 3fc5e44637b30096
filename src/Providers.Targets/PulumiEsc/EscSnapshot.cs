using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PulumiEsc;

/// <summary>What stood in an environment before the first delivery: its definition with secrets as ciphertexts.</summary>
/// <param name="Tagged">The revision that the tag pointed to; null if there was none.</param>
internal sealed record EscSnapshot(string Text, int Revision, int? Tagged)
{
    public SecretValue ToValue()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, EscSnapshotJson.Default.EscSnapshot);
        return SecretValue.FromBytes(bytes);
    }

    public static EscSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), EscSnapshotJson.Default.EscSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EscSnapshot))]
internal sealed partial class EscSnapshotJson : JsonSerializerContext;
