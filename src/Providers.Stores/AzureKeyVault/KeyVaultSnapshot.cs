using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Security.KeyVault.Secrets;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>The newest version of a secret as it stood: all that a new version can be given again.</summary>
internal sealed record KeyVaultSnapshot(
    string Value,
    string? ContentType,
    DateTimeOffset? ExpiresOn,
    DateTimeOffset? NotBefore,
    IReadOnlyDictionary<string, string> Tags)
{
    public static KeyVaultSnapshot Of(KeyVaultSecret secret) => new(
        secret.Value,
        secret.Properties.ContentType,
        secret.Properties.ExpiresOn,
        secret.Properties.NotBefore,
        new Dictionary<string, string>(secret.Properties.Tags));

    public static KeyVaultSnapshot Of(SecretValue value) =>
        JsonSerializer.Deserialize(value.RevealBytes(), KeyVaultJson.Default.KeyVaultSnapshot)!;

    public SecretValue ToValue() => SecretValue.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, KeyVaultJson.Default.KeyVaultSnapshot));

    public KeyVaultSecret ToSecret(string name)
    {
        var secret =
            new KeyVaultSecret(name, Value) { Properties = { ContentType = ContentType, ExpiresOn = ExpiresOn, NotBefore = NotBefore } };
        foreach (var (tag, text) in Tags)
        {
            secret.Properties.Tags[tag] = text;
        }

        return secret;
    }

    public bool Is(KeyVaultSnapshot other) =>
        (Value, ContentType, ExpiresOn, NotBefore) == (other.Value, other.ContentType, other.ExpiresOn, other.NotBefore)
        && Tags.Count == other.Tags.Count && Tags.All(tag => other.Tags.TryGetValue(tag.Key, out var text) && text == tag.Value);

    public override string ToString() => "***";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KeyVaultSnapshot))]
internal sealed partial class KeyVaultJson : JsonSerializerContext;
