using Azure.Core;

namespace Rotunda.Ledger.Postgres;

/// <summary>
/// Microsoft Entra tokens as the password of PostgreSQL logins
/// (https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication). Only a login
/// needs one: an open session goes on after its token has ended. So a token is asked for when a session is opened and the one
/// at hand is about to end; a timer that fetches tokens in advance would not know their life, which differs by identity.
/// </summary>
internal sealed class EntraPassword(TokenCredential credential, TimeProvider time)
{
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);
    private static readonly TokenRequestContext s_request = new(["https://ossrdbms-aad.database.windows.net/.default"]);
    private Held? _held;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        // Two sessions that open at once may ask twice: the credential answers from its own memory.
        if (_held is not { } held || held.Token.ExpiresOn - s_margin <= time.GetUtcNow() || held.Token.RefreshOn <= time.GetUtcNow())
        {
            _held = held = new Held(await credential.GetTokenAsync(s_request, cancellationToken));
        }

        return held.Token.Token;
    }

    private sealed record Held(AccessToken Token);
}
