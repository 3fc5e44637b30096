using System.Text.Json.Serialization;

namespace Rotunda.Api.Access;

/// <summary>One bearer token as it is kept: only its hash.</summary>
/// <param name="Owner">Whose it is; null where the token is named after its owner.</param>
/// <param name="Hash">SHA-256 of the whole token text, hex. The token has 256 random bits, so no salt or slow hash is needed.</param>
public sealed record TokenRecord(
    string Name,
    Role Role,
    string Hash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? Owner = null)
{
    /// <summary>What the ledger records: the token, and in brackets whose it is.</summary>
    public string Subject => Owner is null ? Name : $"{Name} [{Owner}]";

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>The file's content.</summary>
public sealed record TokenDocument(int Version, IReadOnlyList<TokenRecord> Tokens)
{
    /// <summary>2 has owners, which an older release would lose.</summary>
    public const int CurrentVersion = 2;
}

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenDocument))]
internal sealed partial class TokenJson : JsonSerializerContext;
