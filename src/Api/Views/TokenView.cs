using Rotunda.Api.Access;

namespace Rotunda.Api.Views;

/// <summary>One token, without its text, which is kept nowhere.</summary>
public sealed record TokenView(
    string Name,
    string Owner,
    Role Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>The secrets that its role is for; null for all.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>When it was used last, to the hour; null if it never was.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public static TokenView Of(TokenRecord token) =>
        new(token.Name, token.Owner ?? token.Name, token.Role, token.CreatedAt, token.ExpiresAt, token.RevokedAt)
        {
            On = token.On?.Select(on => on.ToString()).ToList(),
            UsedAt = token.UsedAt,
        };
}
