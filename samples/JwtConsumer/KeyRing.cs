using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JwtConsumer;

/// <summary>The keys in use, as last read from the env file (JWT_PRIMARY, JWT_SECONDARY, JWT_SALT).</summary>
/// <param name="longest">The longest key this service can work with; some old services have such limits.</param>
internal sealed class KeyRing(string file, int longest)
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);
    private volatile Keys _keys = new(null, null, "");

    private sealed record Keys(string? Primary, string? Secondary, string Salt);

    /// <summary>Why a key cannot be used; null if all can.</summary>
    public string? Problem =>
        new[] { _keys.Primary, _keys.Secondary }.Any(key => key?.Length > longest) ? $"keys may have {longest} characters at most" : null;

    public void Reload()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && !line.StartsWith('#'))
            {
                values[line[..at].Trim()] = line[(at + 1)..].Trim().Trim('\'', '"');
            }
        }

        _keys = new Keys(Get("JWT_PRIMARY"), Get("JWT_SECONDARY"), Get("JWT_SALT") ?? "");

        string? Get(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    public KeyFingerprints Fingerprints()
    {
        var keys = _keys;
        return new KeyFingerprints(Of(keys.Primary), Of(keys.Secondary));

        string? Of(string? key) => key is null ? null : Fingerprint(key, keys.Salt);
    }

    /// <summary>A JWT (HS256), signed with the primary key; null while there is none.</summary>
    public string? Sign(string subject, DateTimeOffset now)
    {
        var keys = _keys;
        if (keys.Primary is null)
        {
            return null;
        }

        var header = new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = Fingerprint(keys.Primary, keys.Salt) };
        var payload =
            new JsonObject { ["sub"] = subject, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + TokenLifetime).ToUnixTimeSeconds() };
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Signature(text, keys.Primary)}";
    }

    /// <summary>True if the primary or the secondary key signed it and it has not expired.</summary>
    public bool Check(string token, DateTimeOffset now)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return false;
        }

        var keys = _keys;
        return new[] { keys.Primary, keys.Secondary }.Any(key => key is not null
            && Same(Signature($"{parts[0]}.{parts[1]}", key), parts[2]))
            && ExpiresAt(parts[1]) > now.ToUnixTimeSeconds();
    }

    private static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(given));

    private static long ExpiresAt(string payload)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
        return document.RootElement.GetProperty("exp").GetInt64();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static string Signature(string text, string key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

    private static string Fingerprint(string key, string salt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + key)))[..12];
}
