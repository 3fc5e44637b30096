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
    public static TokenView Of(TokenRecord token) =>
        new(token.Name, token.Owner ?? token.Name, token.Role, token.CreatedAt, token.ExpiresAt, token.RevokedAt);
}
