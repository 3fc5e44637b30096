using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>What stood at our keys of a secret: the keys that were there, with whatever JSON they held.</summary>
internal sealed record VaultSnapshot(JsonObject Keys)
{
    public SecretValue ToValue() => SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Default.VaultSnapshot));

    public static VaultSnapshot Of(SecretValue value) => JsonSerializer.Deserialize(value.RevealBytes(), VaultJson.Default.VaultSnapshot)!;

    public override string ToString() => "***";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VaultSnapshot))]
internal sealed partial class VaultJson : JsonSerializerContext;
