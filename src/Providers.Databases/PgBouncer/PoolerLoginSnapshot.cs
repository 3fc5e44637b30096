using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What stood in our places.</summary>
/// <param name="Entries">By database ("" for the section [pgbouncer]) and key: each value as it stood, with its quotes.</param>
/// <param name="Lines">By user: the raw lines of the userlist; null if it is not ours.</param>
internal sealed record PoolerLoginSnapshot(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> Entries,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Lines)
{
    /// <summary>The login's name.</summary>
    public string NameOf(string key)
    {
        var raw = Entries.Values.FirstOrDefault()?.GetValueOrDefault(key) is [.., var last] ? last : "";
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(
            raw is ['\'', .. var quoted, '\''] ? quoted.Replace("''", "'", StringComparison.Ordinal) : raw));
    }

    public SecretValue ToValue() =>
        SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, PoolerLoginJson.Default.PoolerLoginSnapshot));

    public static PoolerLoginSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), PoolerLoginJson.Default.PoolerLoginSnapshot)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PoolerLoginSnapshot))]
internal sealed partial class PoolerLoginJson : JsonSerializerContext;
