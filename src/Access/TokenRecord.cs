using System.Text.Json.Serialization;
using Rotunda.Campaigns.Selection;

namespace Rotunda.Access;

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
    /// <summary>The secrets that its role is for, one selector after the other; null for all.</summary>
    public IReadOnlyList<Selector>? On { get; init; }

    /// <summary>About when it was used last; null if it never was.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Who made it over HTTP; null for one that was made in the data directory.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Its end is put off by so much as it is used; null for one whose end stands.</summary>
    public TimeSpan? Renews { get; init; }

    /// <summary>Who comes with it.</summary>
    public Caller ToCaller() => On is null
        ? new Caller(Subject, Role)
        : new Caller(Subject, null) { Grants = [.. On.Select(on => new Grant(Role, on))] };

    /// <summary>What the ledger records: the token, and in brackets whose it is.</summary>
    public string Subject => Owner is null ? Name : $"{Name} [{Owner}]";

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>The file's content.</summary>
public sealed record TokenDocument(int Version, IReadOnlyList<TokenRecord> Tokens)
{
    /// <summary>2 has owners, which an older release would lose; 3 has selectors,
    /// without which a token would be good for all secrets.</summary>
    public const int CurrentVersion = 3;

    /// <summary>The oldest that can hold these tokens.</summary>
    public static int VersionFor(IReadOnlyList<TokenRecord> tokens) =>
        tokens.Any(token => token.On is not null) ? 3 : tokens.Any(token => token.Owner is not null) ? 2 : 1;
}

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenDocument))]
internal sealed partial class TokenJson : JsonSerializerContext;
