using System.Text.Json.Serialization;

namespace Rotunda.Api.Access;

/// <summary>One bearer token as it is kept: only its hash.</summary>
/// <param name="Hash">SHA-256 of the whole token text, hex. The token has 256 random bits, so no salt or slow hash is needed.</param>
public sealed record TokenRecord(
    string Name,
    Role Role,
    string Hash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>The file's content.</summary>
public sealed record TokenDocument(int Version, IReadOnlyList<TokenRecord> Tokens)
{
    public const int CurrentVersion = 1;
}

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenDocument))]
internal sealed partial class TokenJson : JsonSerializerContext;
