using Rotunda.Access;
using Rotunda.Interpreter;

namespace Rotunda.Api.Views;

/// <summary>The browsers that are signed in.</summary>
public sealed record SessionListView(IReadOnlyList<SignedInView> Sessions);

/// <summary>One browser that is signed in.</summary>
/// <param name="Id">Names the session; nobody can come in with it.</param>
/// <param name="Subject">As whom: a token's name with its owner, or a person of the identity provider.</param>
/// <param name="By">link or oidc.</param>
/// <param name="UsedAt">When a person last asked for something there.</param>
/// <param name="IdleEndsAt">When it ends if the person asks for nothing more.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
/// <param name="IsYours">True for the one that asks.</param>
public sealed record SignedInView(
    string Id,
    string Subject,
    string Person,
    string By,
    DateTimeOffset StartedAt,
    DateTimeOffset UsedAt,
    DateTimeOffset IdleEndsAt,
    DateTimeOffset EndsAt,
    bool IsYours)
{
    public static SignedInView Of(SessionRecord session, DateTimeOffset idleEnd, SessionRecord? own) => new(
        session.Id, session.Subject, Actors.PersonOf(session.Subject), session.IsByProvider ? "oidc" : "link", session.StartedAt,
        session.UsedAt, idleEnd, session.EndsAt, session.Hash == own?.Hash);
}
