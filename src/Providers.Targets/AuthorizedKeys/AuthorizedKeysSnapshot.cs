using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

/// <summary>The raw lines of all keys that stood in the file.</summary>
internal sealed record AuthorizedKeysSnapshot(IReadOnlyList<string> Lines)
{
    public SecretValue ToValue() =>
        SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, AuthorizedKeysJson.Default.AuthorizedKeysSnapshot));

    public static AuthorizedKeysSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), AuthorizedKeysJson.Default.AuthorizedKeysSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuthorizedKeysSnapshot))]
internal sealed partial class AuthorizedKeysJson : JsonSerializerContext;
