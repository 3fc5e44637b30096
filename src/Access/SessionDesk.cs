using System.Globalization;
using Rotunda.Ledger;

namespace Rotunda.Access;

/// <summary>Signing in and out. Each is on record before it has an effect.</summary>
/// <param name="sessions">Null, as the two after it, in a head whose people sign in at the platform.</param>
public sealed class SessionDesk(
    ILedger ledger,
    TimeProvider time,
    SignInWays ways,
    SessionFile? sessions = null,
    LoginLinks? links = null,
    TokenFile? tokens = null)
{
    public SignInWays Ways => ways;

    /// <summary>False in a head whose people sign in at the platform.</summary>
    public bool HasSessions => sessions is not null;

    public DateTimeOffset IdleEnd(SessionRecord session) => sessions!.IdleEnd(session);

    /// <summary>True if what was asked needs a sign-in that is newer than the session's, and the provider can be asked.</summary>
    public bool NeedsFresh(SessionRecord session) =>
        session.IsByProvider
        && sessions!.Options.Fresh is { } fresh
        && (session.SignedInAt is not { } at || time.GetUtcNow() - at > fresh);

    /// <summary>Makes a login link for the holder of a token.</summary>
    /// <returns>Null if the caller holds none: a session makes no other session.</returns>
    public async Task<(string Code, DateTimeOffset EndsAt)?> LinkAsync(Caller caller, CancellationToken cancellationToken)
    {
        // A subject is the token's name, and whose it is in brackets.
        if (tokens!.Find(caller.Subject.Split(" [")[0]) is not { } token || token.Subject != caller.Subject)
        {
            return null;
        }

        await WriteAsync(caller.Subject, "session.link", $"good once, for {LoginLinks.Lifetime.TotalMinutes:0} minutes", cancellationToken);
        return links!.Create(token);
    }

    /// <summary>Uses a link's code up and begins a session with the rights of the token that made it.</summary>
    /// <returns>Null if the code is unknown, used or ended, or its token is.</returns>
    public async Task<(SessionRecord Session, string Text)?> EnterAsync(string code, CancellationToken cancellationToken)
    {
        if (links!.Take(code) is not { } link
            || tokens!.Find(link.Name) is not { } token
            || token.Hash != link.Hash
            || !token.IsGood(time.GetUtcNow()))
        {
            return null;
        }

        await WriteAsync(token.Subject, "session.start", Text("by a login link"), cancellationToken);
        return sessions!.Start(token.Subject, token, [], signedInAt: null);
    }

    /// <summary>Begins a session of one whom the identity provider has checked.</summary>
    public async Task<string> EnterAsync(
        string subject, IReadOnlyList<string> claims, DateTimeOffset? signedInAt, CancellationToken cancellationToken)
    {
        await WriteAsync(subject, "session.start", Text("by the identity provider"), cancellationToken);
        return sessions!.Start(subject, token: null, claims, signedInAt).Text;
    }

    public async Task EndAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        await WriteAsync(session.Subject, "session.end", "signed out", cancellationToken);
        sessions!.End(session);
    }

    /// <summary>All that go on.</summary>
    public async Task<IReadOnlyList<SessionRecord>> ListAsync(string actor, CancellationToken cancellationToken)
    {
        await WriteAsync(actor, "session.list", null, cancellationToken);
        return sessions!.Read();
    }

    /// <summary>Ends those that are meant, each on record.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndAsync(string actor, Func<SessionRecord, bool> isMeant, CancellationToken cancellationToken)
    {
        var meant = sessions!.Read().Where(isMeant).ToList();
        foreach (var session in meant)
        {
            await WriteAsync(actor, "session.end", $"of {session.Subject}, {session.Id}", cancellationToken);
            sessions.End(session);
        }

        return meant.Count;
    }

    private string Text(string how) => string.Create(
        CultureInfo.InvariantCulture, $"{how}, ends {time.GetUtcNow() + sessions!.Options.Longest:yyyy-MM-dd HH:mm} UTC at the latest");

    private Task WriteAsync(string subject, string action, string? detail, CancellationToken cancellationToken) =>
        ledger.AuditAsync(new AuditEntry(subject, action, null, null, null, detail), cancellationToken);
}
