using System.Globalization;
using Rotunda.Ledger;

namespace Rotunda.Access;

/// <summary>
/// Tokens for callers over HTTP. Each call is on record before it has an effect, so that no token can come to be (or end) without
/// its row; a call that is refused after that has a row of its own.
/// </summary>
/// <param name="tokens">Null in a head whose callers are known in another way.</param>
public sealed class TokenDesk(ILedger ledger, TimeProvider time, TokenFile? tokens = null)
{
    /// <summary>False in a head whose callers are known in another way: there is nothing to manage then.</summary>
    public bool HasTokens => tokens is not null;

    /// <summary>Who a session stands for that goes by a token.</summary>
    public Caller CallerOf(SessionRecord session) =>
        session.Token is { } name && tokens!.Find(name) is { } token ? token.ToCaller() : new Caller(session.Subject, null);

    /// <summary>All tokens, also expired and revoked ones.</summary>
    public async Task<IReadOnlyList<TokenRecord>> ListAsync(string actor, CancellationToken cancellationToken)
    {
        await ledger.AuditAsync(new AuditEntry(actor, "token.list", null, null, null, null), cancellationToken);
        return tokens!.Read();
    }

    /// <summary>Makes a token. Its text is only ever returned here.</summary>
    /// <exception cref="TokenRefusedException">The name is taken, or something given is malformed.</exception>
    public async Task<(TokenRecord Record, string Text)> CreateAsync(string actor, NewToken asked, CancellationToken cancellationToken)
    {
        tokens!.Check(asked);
        var detail = $"{asked.Name} of {asked.Owner ?? asked.Name}: {asked.Role.ToString().ToLowerInvariant()}"
            + (asked.On is { Count: > 0 } on ? $" on {string.Join(" or ", on)}" : "") + $", {EndOf(asked.Lifetime)}";
        await ledger.AuditAsync(new AuditEntry(actor, "token.create", null, null, null, detail), cancellationToken);
        return tokens.Create(asked with { MadeBy = actor });
    }

    /// <summary>Gives a token another end.</summary>
    /// <param name="lifetime">From now on; null for no end.</param>
    /// <exception cref="TokenRefusedException">The lifetime cannot be one.</exception>
    /// <returns>Null if there is no such token that is not revoked.</returns>
    public async Task<TokenRecord?> RenewAsync(string actor, string name, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        TokenFile.CheckLifetime(lifetime);
        if (tokens!.Find(name) is not { RevokedAt: null } found)
        {
            return null;
        }

        var detail = $"{found.Name}: {EndOf(lifetime)}";
        await ledger.AuditAsync(new AuditEntry(actor, "token.renew", null, null, null, detail), cancellationToken);
        return tokens.Renew(found.Name, lifetime);
    }

    /// <summary>Ends a token.</summary>
    /// <exception cref="TokenRefusedException">Nobody could manage tokens over HTTP without it.</exception>
    /// <returns>Null if there is no such token that is not revoked yet.</returns>
    public async Task<TokenRecord?> RevokeAsync(string actor, string name, CancellationToken cancellationToken)
    {
        if (tokens!.Find(name) is not { RevokedAt: null } found)
        {
            return null;
        }

        await ledger.AuditAsync(new AuditEntry(actor, "token.revoke", null, null, null, found.Name), cancellationToken);
        return tokens.Revoke(name, keepsAnAdmin: true);
    }

    private string EndOf(TimeSpan? lifetime) => lifetime is { } given
        ? string.Create(CultureInfo.InvariantCulture, $"ends {time.GetUtcNow() + given:yyyy-MM-dd HH:mm} UTC")
        : "never ends";
}
