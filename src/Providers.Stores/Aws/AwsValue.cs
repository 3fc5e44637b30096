using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>What GetSecretValue tells. Holds the value: keep it local.</summary>
internal sealed class AwsValue(JsonObject answer)
{
    public string Version => (string)answer["VersionId"]!;

    public IReadOnlyList<string> Labels => [.. (answer["VersionStages"] as JsonArray ?? []).Select(label => (string)label!)];

    /// <summary>Null for a binary one.</summary>
    public string? Text => (string?)answer["SecretString"];

    public SecretValue Value() =>
        Text is { } text ? SecretValue.FromText(text) : SecretValue.FromBytes(Convert.FromBase64String((string)answer["SecretBinary"]!));

    /// <summary>True if the value is text that comes back as it was.</summary>
    public static bool IsText(SecretValue value)
    {
        try
        {
            return value.Length > 0 && new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(value.RevealBytes()) > 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
