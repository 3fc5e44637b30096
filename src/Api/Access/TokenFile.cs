using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Files;

namespace Rotunda.Api.Access;

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

        return Task.FromResult(found is not null && found.IsGood(time.GetUtcNow()) ? new Caller(found.Subject, found.Role) : null);
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

    /// <summary>Makes a token. Its text is only ever returned here.</summary>
    /// <param name="owner">Whose it is; null for the person that it is named after.</param>
    /// <exception cref="TokenRefusedException">The name is taken, or one of the two is reserved or malformed.</exception>
    public string Create(string name, Role role, TimeSpan? lifetime, string? owner = null)
    {
        Check(name, "a token's name");
        Check(owner ?? name, "a token's owner");
        var other = string.Equals(owner, name, StringComparison.OrdinalIgnoreCase) ? null : owner;
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        Change(tokens => tokens.Any(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase))
            ? throw new TokenRefusedException(
                $"There is a token named '{name}' already. Names are never used twice, so that the audit stays plain.")
            : [.. tokens, new TokenRecord(name, role, HashOf(token), now, lifetime is null ? null : now + lifetime, null, other)]);
        return token;
    }

    /// <returns>False if there is no such token that is not revoked yet.</returns>
    public bool Revoke(string name)
    {
        var revoked = false;
        Change(tokens => [.. tokens.Select(token =>
        {
            var hit = token.RevokedAt is null && string.Equals(token.Name, name, StringComparison.OrdinalIgnoreCase);
            revoked |= hit;
            return hit ? token with { RevokedAt = time.GetUtcNow() } : token;
        })]);
        return revoked;
    }

    private static void Check(string name, string what)
    {
        if (!NamePattern().IsMatch(name) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new TokenRefusedException(
                $"'{name}' cannot be {what}: use 1 to 63 letters, digits, '.', '_', '-' or '@', and none of "
                    + $"{string.Join(", ", Reserved)}.");
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void Change(Func<IReadOnlyList<TokenRecord>, IReadOnlyList<TokenRecord>> change)
    {
        lock (_gate)
        {
            // The lock file keeps two command lines from losing each other's change. It is released when the process ends.
            using var exclusive = PrivateFile.Lock(path + ".lock")
                ?? throw new TokenRefusedException("Another command is changing the tokens right now. Try again.");
            var tokens = change(Read());
            var document = new TokenDocument(tokens.Any(token => token.Owner is not null) ? TokenDocument.CurrentVersion : 1, tokens);
            PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(document, TokenJson.Default.TokenDocument));
            _seen = default;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}

/// <summary>A token cannot be made or changed like this; the message is for the person who asked.</summary>
public sealed class TokenRefusedException(string message) : Exception(message);
