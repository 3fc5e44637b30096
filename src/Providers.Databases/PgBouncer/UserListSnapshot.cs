using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What stood for our users: the raw lines of each, none if it had none.</summary>
internal sealed record UserListSnapshot(IReadOnlyDictionary<string, IReadOnlyList<string>> Users)
{
    public SecretValue ToValue() => SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, UserListJson.Default.UserListSnapshot));

    public static UserListSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), UserListJson.Default.UserListSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UserListSnapshot))]
internal sealed partial class UserListJson : JsonSerializerContext;
