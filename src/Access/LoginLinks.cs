using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Access;

/// <summary>
/// Codes of login links: each is good once, for a few minutes, for the token that asked for it. They are in this process alone; a
/// restart ends them.
/// </summary>
public sealed class LoginLinks(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private const int MostOfOne = 10;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TokenRecord Token, DateTimeOffset EndsAt)> _links = new(StringComparer.Ordinal);

    /// <summary>Makes a code. Only its hash is kept.</summary>
    public (string Code, DateTimeOffset EndsAt) Create(TokenRecord token)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var (hash, _) in _links.Where(link => link.Value.EndsAt <= now).ToList())
            {
                _links.Remove(hash);
            }

            foreach (var (hash, _) in _links.Where(link => link.Value.Token.Name == token.Name)
                .OrderByDescending(link => link.Value.EndsAt).Skip(MostOfOne - 1).ToList())
            {
                _links.Remove(hash);
            }

            _links[HashOf(code)] = (token, now + Lifetime);
            return (code, now + Lifetime);
        }
    }

    /// <summary>Uses a code up.</summary>
    /// <returns>Whose it is; null if it is unknown, used or ended.</returns>
    public TokenRecord? Take(string code)
    {
        lock (_gate)
        {
            return _links.Remove(HashOf(code), out var link) && time.GetUtcNow() < link.EndsAt ? link.Token : null;
        }
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
