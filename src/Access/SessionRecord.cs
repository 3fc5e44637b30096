using System.Text.Json.Serialization;

namespace Rotunda.Access;

/// <summary>One signed-in browser as it is kept: of its cookie only the hash.</summary>
/// <param name="Hash">SHA-256 of the cookie's text, hex. The text has 256 random bits.</param>
/// <param name="Token">The token whose rights it has, by name; null for one who came by an identity provider.</param>
/// <param name="TokenHash">That token's hash: another token of the same name is not meant.</param>
/// <param name="Claims">What the identity provider says of the person's roles, in its own words: they are mapped at each request, so
/// that a changed mapping counts at once.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="SignedInAt">When the person last proved who they are; null where nothing tells.</param>
/// <param name="UsedAt">When a person last asked for something.</param>
/// <param name="EndsAt">When it ends, however much it is used.</param>
public sealed record SessionRecord(
    string Hash,
    string Subject,
    string? Token,
    string? TokenHash,
    IReadOnlyList<string> Claims,
    DateTimeOffset StartedAt,
    DateTimeOffset? SignedInAt,
    DateTimeOffset UsedAt,
    DateTimeOffset EndsAt)
{
    /// <summary>Names it to people: of what is kept a part, so that nobody can come in with it.</summary>
    [JsonIgnore]
    public string Id => Hash[..16];

    /// <summary>True for one who came by an identity provider, which can be asked again.</summary>
    [JsonIgnore]
    public bool IsByProvider => Token is null;
}

/// <summary>The file's content.</summary>
public sealed record SessionDocument(int Version, IReadOnlyList<SessionRecord> Sessions)
{
    public const int CurrentVersion = 1;
}

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionDocument))]
internal sealed partial class SessionJson : JsonSerializerContext;
