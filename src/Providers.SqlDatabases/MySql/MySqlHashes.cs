using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>What a server keeps of a password, computed here: so that it need not be told the password, or that a value can be compared
/// with what is kept.</summary>
internal static class MySqlHashes
{
    private const int Longest = 255;
    private const string CachingSha2 = "$A$";
    private const int SaltLength = 20;
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The order in which SHA-crypt writes the bytes of its digest, three at a time.</summary>
    private static readonly (int High, int Middle, int Low)[] Order =
    [
        (0, 10, 20), (21, 1, 11), (12, 22, 2), (3, 13, 23), (24, 4, 14), (15, 25, 5), (6, 16, 26), (27, 7, 17), (18, 28, 8), (9, 19, 29),
    ];

    /// <summary>Whether the value can be a password here, whatever encoding a client has.</summary>
    public static bool Takes(SecretValue value, out string whyNot)
    {
        var bytes = value.RevealBytes();
        whyNot = bytes.Length is 0 or > Longest
            ? $"A password here has 1 to {Longest} characters. Make another one (see 'value')."
            : bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~')
                ? "A password here is printable ASCII: clients with other encodings could not log in. Make another one (see 'value')." : "";
        return whyNot.Length == 0;
    }

    /// <summary>As mysql_native_password keeps it.</summary>
    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "The servers' own form of a password, which they keep and compare.")]
    public static string Native(SecretValue value)
    {
        Span<byte> once = stackalloc byte[SHA1.HashSizeInBytes];
        Span<byte> twice = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(value.RevealBytes(), once);
        SHA1.HashData(once, twice);
        return "*" + Convert.ToHexString(twice);
    }

    /// <summary>Whether it is what the server keeps of this value.</summary>
    /// <param name="kept">As mysql.user has it, for caching_sha2_password or mysql_native_password.</param>
    public static bool IsOf(SecretValue value, string? kept)
    {
        if (string.IsNullOrEmpty(kept))
        {
            return false;
        }

        if (kept[0] == '*')
        {
            return Same(Native(value), kept.ToUpperInvariant());
        }

        // $A$ROUNDS$, a salt of 20 characters, and the digest. Rounds are thousands, in hexadecimal digits.
        var bytes = Encoding.UTF8.GetBytes(kept);
        var head = CachingSha2.Length + 4;
        if (!kept.StartsWith(CachingSha2, StringComparison.Ordinal) || bytes.Length < head + SaltLength || bytes[head - 1] != '$'
            || !int.TryParse(
                kept.AsSpan(CachingSha2.Length, 3),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture,
                out var thousands))
        {
            throw new MySqlSetupException(
                "What mysql.user keeps of the password has a form that Rotunda does not know, so the two passwords cannot be told apart. "
                    + "Take mysql-users.");
        }

        var digest = Crypt(value.RevealBytes(), bytes.AsSpan(head, SaltLength), thousands * 1000);
        return Same(digest, Encoding.UTF8.GetString(bytes.AsSpan(head + SaltLength)));
    }

    /// <summary>As caching_sha2_password keeps it, with this salt.</summary>
    /// <param name="salt">20 bytes, ASCII.</param>
    public static string Sha2(SecretValue value, ReadOnlySpan<byte> salt) =>
        $"{CachingSha2}005${Encoding.ASCII.GetString(salt)}{Crypt(value.RevealBytes(), salt, 5000)}";

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));

    /// <summary>SHA-crypt with SHA-256 (akkadia.org/drepper/SHA-crypt.txt), with MySQL's longer salt.</summary>
    internal static string Crypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, int rounds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(salt);
        hash.AppendData(key);
        var between = hash.GetHashAndReset();

        hash.AppendData(key);
        hash.AppendData(salt);
        hash.AppendData(Stretch(between, key.Length));
        for (var length = key.Length; length > 0; length >>= 1)
        {
            hash.AppendData((length & 1) == 1 ? between : key);
        }

        var digest = hash.GetHashAndReset();
        for (var i = 0; i < key.Length; i++)
        {
            hash.AppendData(key);
        }

        var keys = Stretch(hash.GetHashAndReset(), key.Length);
        for (var i = 0; i < 16 + digest[0]; i++)
        {
            hash.AppendData(salt);
        }

        var salts = Stretch(hash.GetHashAndReset(), salt.Length);
        for (var round = 0; round < rounds; round++)
        {
            hash.AppendData((round & 1) == 1 ? keys : digest);
            if (round % 3 != 0)
            {
                hash.AppendData(salts);
            }

            if (round % 7 != 0)
            {
                hash.AppendData(keys);
            }

            hash.AppendData((round & 1) == 1 ? digest : keys);
            digest = hash.GetHashAndReset();
        }

        CryptographicOperations.ZeroMemory(keys);
        return Written(digest);
    }

    private static byte[] Stretch(byte[] block, int length)
    {
        var all = new byte[length];
        for (var i = 0; i < length; i++)
        {
            all[i] = block[i % block.Length];
        }

        return all;
    }

    private static string Written(byte[] digest)
    {
        var text = new StringBuilder();
        foreach (var (high, middle, low) in Order)
        {
            Append(text, (digest[high] << 16) | (digest[middle] << 8) | digest[low], 4);
        }

        Append(text, (digest[31] << 8) | digest[30], 3);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int count)
    {
        for (; count > 0; count--, bits >>= 6)
        {
            text.Append(Digits[bits & 0x3f]);
        }
    }
}
