using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Files;

namespace Rotunda.Access;

/// <summary>
/// The tokens of one data directory, in a file that only its owner can read. The server and the command line both use it: it is
/// replaced as a whole (never written in place), and read again when it has changed.
/// </summary>
public sealed partial class TokenFile(string path, TimeProvider time) : ITokens
{
    /// <summary>What a token starts with, so that scanners and people recognize one.</summary>
    public const string Prefix = "rot_";

    /// <summary>Subjects that the ledger uses for itself.</summary>
    private static readonly string[] Reserved = ["schedule", "system", "catalog", "anonymous", "rotunda"];

    /// <summary>A use is written down when it is this much later than what is written.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _seen;
    private IReadOnlyList<TokenRecord> _tokens = [];

    public Task<Caller?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var presented = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        TokenRecord? found = null;
        foreach (var record in Read())
        {
            // All are compared, each in constant time: nothing is told by how long it took.
            if (CryptographicOperations.FixedTimeEquals(Convert.FromHexString(record.Hash), presented))
            {
                found = record;
            }
        }

        if (found is null || !found.IsGood(time.GetUtcNow()))
        {
            return Task.FromResult<Caller?>(null);
        }

        Note(found);
        return Task.FromResult<Caller?>(found.ToCaller());
    }

    /// <summary>Puts its end off from now on, also where it has ended: for a token that lies beside this file.</summary>
    public void Renew(string name) => Change(tokens =>
        [.. tokens.Select(token =>
                Is(token, name) && token is { RevokedAt: null, Renews: { } by }
                    ? token with { ExpiresAt = time.GetUtcNow() + by } : token)]);

    /// <summary>Writes a use down, now and then: a file is not written at each request.</summary>
    private void Note(TokenRecord used)
    {
        var now = time.GetUtcNow();
        if (used.UsedAt is { } at && now - at < Noted)
        {
            return;
        }

        try
        {
            Change(tokens =>
            [
                .. tokens.Select(token => token.Hash != used.Hash ? token : token with
                {
                    UsedAt = now, ExpiresAt = token.Renews is { } by ? now + by : token.ExpiresAt,
                }),
            ]);
        }
        catch (Exception problem) when (problem is TokenRefusedException or IOException or UnauthorizedAccessException)
        {
            // The next use is written down: nobody is kept out for want of a note.
        }
    }

    /// <summary>All tokens, also expired and revoked ones.</summary>
    public IReadOnlyList<TokenRecord> Read()
    {
        lock (_gate)
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                (_seen, _tokens) = (default, []);
            }
            else if (_seen != (file.LastWriteTimeUtc, file.Length))
            {
                var document = JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenJson.Default.TokenDocument)
                    ?? throw new InvalidDataException($"{path} is empty.");
                if (document.Version > TokenDocument.CurrentVersion)
                {
                    throw new InvalidDataException($"{path} was written by a newer version of Rotunda (format {document.Version}).");
                }

                (_seen, _tokens) = ((file.LastWriteTimeUtc, file.Length), document.Tokens);
            }

            return _tokens;
        }
    }

    /// <summary>Also an expired or revoked one; null if no token was ever named so.</summary>
    public TokenRecord? Find(string name) => Read().FirstOrDefault(token => Is(token, name));

    /// <exception cref="TokenRefusedException">The name is taken, or something given is malformed.</exception>
    public void Check(NewToken asked)
    {
        Check(asked.Name, "name", "a token's name");
        Check(asked.Owner ?? asked.Name, "owner", "a token's owner");
        CheckLifetime(asked.Lifetime);
        if (asked is { On: not null, Role: Role.Admin })
        {
            throw new TokenRefusedException(
                $"The token '{RefusedException.Shown(asked.Name)}' cannot be an admin's for some secrets: an admin is one for all. "
                    + "Leave the selector (--on) out, or give another role.",
                "on");
        }

        if (Find(asked.Name) is not null)
        {
            throw new TokenRefusedException(
                $"There is a token named '{asked.Name}' already. Choose another name: none is used twice, also after the token has "
                    + "ended, so that the audit stays plain.");
        }
    }

    /// <exception cref="TokenRefusedException">It is none, or too long.</exception>
    public static void CheckLifetime(TimeSpan? lifetime)
    {
        if (lifetime is { } given && (given <= TimeSpan.Zero || given > TimeSpan.FromDays(NewToken.LongestDays)))
        {
            throw new TokenRefusedException(
                $"A token lives for at most {NewToken.LongestDays} days. Give less, for example 90d.",
                "expires");
        }
    }

    /// <summary>Makes a token. Its text is only ever returned here.</summary>
    /// <exception cref="TokenRefusedException">The name is taken, or something given is malformed.</exception>
    public (TokenRecord Record, string Text) Create(NewToken asked)
    {
        var other = string.Equals(asked.Owner, asked.Name, StringComparison.OrdinalIgnoreCase) ? null : asked.Owner;
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var record = new TokenRecord(asked.Name, asked.Role, HashOf(text), now, now + asked.Lifetime, null, other)
        {
            On = asked.On is { Count: > 0 } on ? on : null,
            Renews = asked.RenewsItself ? asked.Lifetime : null,
            MadeBy = asked.MadeBy,
        };
        Change(tokens =>
        {
            Check(asked);
            return [.. tokens, record];
        });
        return (record, text);
    }

    /// <summary>As <see cref="Create(NewToken)"/>, for the text alone.</summary>
    public string Create(string name, Role role, TimeSpan? lifetime, string? owner = null) =>
        Create(new NewToken(name, role, lifetime, owner)).Text;

    /// <param name="keepsAnAdmin">True where the file cannot be reached in another way.</param>
    /// <returns>The token; null if there is none of that name that is not revoked yet.</returns>
    /// <exception cref="TokenRefusedException">It is the last good one of an administrator.</exception>
    public TokenRecord? Revoke(string name, bool keepsAnAdmin = false)
    {
        TokenRecord? revoked = null;
        Change(tokens =>
        {
            var now = time.GetUtcNow();
            if (tokens.FirstOrDefault(token => token.RevokedAt is null && Is(token, name)) is not { } found)
            {
                return tokens;
            }

            if (keepsAnAdmin && IsAdmins(found, now) && !tokens.Any(token => token != found && IsAdmins(token, now)))
            {
                throw new TokenRefusedException(
                    $"'{found.Name}' is the last good token with the role admin: without it nobody could manage tokens over HTTP. Make "
                        + $"another one first, or revoke it on the server's machine: rotunda token revoke {found.Name} --data DIR");
            }

            revoked = found with { RevokedAt = now };
            return [.. tokens.Select(token => token == found ? revoked : token)];
        });
        return revoked;
    }

    /// <summary>Gives it another end, also where it has ended by itself.</summary>
    /// <param name="lifetime">From now on; null for no end.</param>
    /// <returns>The token; null if there is none of that name that is not revoked.</returns>
    /// <exception cref="TokenRefusedException">The lifetime cannot be one.</exception>
    public TokenRecord? Renew(string name, TimeSpan? lifetime)
    {
        CheckLifetime(lifetime);
        TokenRecord? renewed = null;
        Change(tokens =>
        {
            if (tokens.FirstOrDefault(token => token.RevokedAt is null && Is(token, name)) is not { } found)
            {
                return tokens;
            }

            renewed = found with { ExpiresAt = time.GetUtcNow() + lifetime };
            return [.. tokens.Select(token => token == found ? renewed : token)];
        });
        return renewed;
    }

    private static bool Is(TokenRecord token, string name) => string.Equals(token.Name, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsAdmins(TokenRecord token, DateTimeOffset now) => token.Role == Role.Admin && token.IsGood(now);

    private static void Check(string name, string field, string what)
    {
        if (!NamePattern().IsMatch(name) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new TokenRefusedException(
                $"'{RefusedException.Shown(name)}' cannot be {what}: use 1 to 63 letters, digits, '.', '_', '-' or '@', and none of "
                    + $"{string.Join(", ", Reserved)}.",
                field);
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void Change(Func<IReadOnlyList<TokenRecord>, IReadOnlyList<TokenRecord>> change)
    {
        lock (_gate)
        {
            // The lock file keeps two command lines from losing each other's change. It is released when the process ends.
            using var exclusive = PrivateFile.Lock(path + ".lock")
                ?? throw new TokenRefusedException("Another command is changing the tokens right now. Try again in a moment.");
            var tokens = change(Read());
            var document = new TokenDocument(TokenDocument.VersionFor(tokens), tokens);
            PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(document, TokenJson.Default.TokenDocument));
            _seen = default;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
