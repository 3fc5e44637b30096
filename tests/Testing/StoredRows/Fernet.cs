using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Testing.StoredRows;

/// <summary>Fernet written down once more from its specification, plainly, for applications in tests: what it opens, others would
/// open too.</summary>
public static class Fernet
{
    public static string NewKey() => Encode(RandomNumberGenerator.GetBytes(32));

    public static string Seal(string key, string plain, long? time = null)
    {
        var (sign, encrypt) = Halves(key);
        using var aes = Aes.Create();
        aes.Key = encrypt;
        var iv = RandomNumberGenerator.GetBytes(16);
        var stamp = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(stamp, time ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        byte[] body = [0x80, .. stamp, .. iv, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(plain), iv)];
        return Encode([.. body, .. HMACSHA256.HashData(sign, body)]);
    }

    /// <summary>Null if the key does not open it.</summary>
    public static string? Open(string key, string token)
    {
        var (sign, encrypt) = Halves(key);
        var raw = Decode(token);
        if (raw.Length < 57
            || raw[0] != 0x80
            || !CryptographicOperations.FixedTimeEquals(
                HMACSHA256.HashData(sign, raw.AsSpan(0, raw.Length - 32)),
                raw.AsSpan(raw.Length - 32)))
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.Key = encrypt;
        return Encoding.UTF8.GetString(aes.DecryptCbc(raw.AsSpan(25, raw.Length - 57), raw.AsSpan(9, 16)));
    }

    /// <summary>As an application with several keys reads; null if none opens it.</summary>
    public static string? Open(IEnumerable<string> keys, string token) =>
        keys.Select(key => Open(key, token)).FirstOrDefault(plain => plain is not null);

    private static (byte[] Sign, byte[] Encrypt) Halves(string key)
    {
        var raw = Decode(key);
        return (raw[..16], raw[16..]);
    }

    private static string Encode(byte[] raw) => Convert.ToBase64String(raw).Replace('+', '-').Replace('/', '_');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'));
}
