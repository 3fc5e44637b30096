using Rotunda.Access;

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

    /// <summary>Who made it; left out for one that was made in the data directory.</summary>
    public string? MadeBy { get; init; }

    /// <summary>True for one whose end is put off as it is used.</summary>
    public bool RenewsItself { get; init; }

    public static TokenView Of(TokenRecord token) =>
        new(token.Name, token.Owner ?? token.Name, token.Role, token.CreatedAt, token.ExpiresAt, token.RevokedAt)
        {
            On = token.On?.Select(on => on.ToString()).ToList(),
            UsedAt = token.UsedAt,
            MadeBy = token.MadeBy,
            RenewsItself = token.Renews is not null,
        };
}
