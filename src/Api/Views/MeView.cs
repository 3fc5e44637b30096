using Rotunda.Access;

namespace Rotunda.Api.Views;

/// <summary>Who asks, and what that one may do here.</summary>
/// <param name="Person">Who the subject is: what two tokens of one owner have in common.</param>
/// <param name="By">token, session, platform or key.</param>
/// <param name="Session">Of a browser that is signed in.</param>
/// <param name="SignOut">Where a browser goes to sign out; left out: by <c>POST /api/session/end</c>.</param>
/// <param name="Live">events or poll: how a page hears of changes.</param>
/// <param name="Version">Of the program; for those who are known.</param>
public sealed record MeView(
    bool SignedIn,
    string? Subject,
    string? Person,
    IReadOnlyList<Role> Roles,
    IReadOnlyList<Permission> May,
    string? By,
    SessionView? Session,
    IReadOnlyList<SignInWay> Ways,
    string? SignOut,
    string Live,
    string? Version)
{
    /// <summary>Whether the names of all secrets are told; else only those that the roles are for.</summary>
    public bool SeesAll { get; init; }
}

/// <param name="SignedInAt">When the person last proved who they are; left out where nothing tells.</param>
/// <param name="IdleEndsAt">When it ends if the person asks for nothing more.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
/// <param name="By">link or oidc.</param>
public sealed record SessionView(
    string By, DateTimeOffset StartedAt, DateTimeOffset? SignedInAt, DateTimeOffset IdleEndsAt, DateTimeOffset EndsAt);
