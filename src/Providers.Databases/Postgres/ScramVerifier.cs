using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>
/// The form in which PostgreSQL stores a password (SCRAM-SHA-256, RFC 7677). A string in this form is stored unchanged, so
/// the password itself is never in a statement, and thus never in the server's log.
/// </summary>
internal static class ScramVerifier
{
    /// <summary>The server's own default.</summary>
    private const int Iterations = 4096;

    private const int SaltBytes = 16;

    /// <summary>Far above what anyone sets; a damaged number must not keep us busy for hours.</summary>
    private const int MostIterations = 10_000_000;

    public static string Of(SecretValue password) => Of(password.RevealBytes(), RandomNumberGenerator.GetBytes(SaltBytes), Iterations);

    /// <summary>
    /// Always the same one for a secret's value and account, so that whoever is told of the value (a pooler) makes it too, without
    /// asking the server for it. Its salt tells others no more than the verifier itself: it takes the secret's own salt and as
    /// much work.
    /// </summary>
    public static string Of(SecretValue password, string account, string secretSalt)
    {
        var context = SHA256.HashData(Encoding.UTF8.GetBytes($"rotunda scram\0{secretSalt}\0{account}"));
        return Of(
            password.RevealBytes(),
            Rfc2898DeriveBytes.Pbkdf2(password.RevealBytes(), context, Iterations, HashAlgorithmName.SHA256, SaltBytes),
            Iterations);
    }

    /// <summary>True if it is a verifier of the password, whoever made it.</summary>
    public static bool IsOf(string verifier, SecretValue password)
    {
        var parts = verifier.Split('$', ':');
        if (parts is not ["SCRAM-SHA-256", var count, var salt, _, _]
            || !int.TryParse(count, out var iterations)
            || iterations is < 1 or > MostIterations)
        {
            return false;
        }

        var bytes = new byte[salt.Length];
        return Convert.TryFromBase64String(salt, bytes, out var length)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(Of(password.RevealBytes(), bytes[..length], iterations)),
                Encoding.UTF8.GetBytes(verifier));
    }

    /// <summary>Of a password that nobody knows.</summary>
    public static string OfNobody() => Of(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(SaltBytes), Iterations);

    public static string Of(ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var storedKey = SHA256.HashData(clientKey);
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        var verifier = new StringBuilder("SCRAM-SHA-256$").Append(iterations)
            .Append(':').Append(Convert.ToBase64String(salt))
            .Append('$').Append(Convert.ToBase64String(storedKey))
            .Append(':').Append(Convert.ToBase64String(serverKey))
            .ToString();
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(clientKey);
        return verifier;
    }

    /// <summary>Printable ASCII only: anything else is prepared (SASLprep) differently by different clients and poolers.</summary>
    public static bool Takes(SecretValue password, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = password.Length == 0
            ? "The value is empty."
            : password.RevealBytes().ContainsAnyExceptInRange((byte)0x20, (byte)0x7E)
                ? "The value has characters that are not printable ASCII, which PostgreSQL clients treat differently. Give the policy a "
                    + "value rule with ASCII characters only."
                : null;
        return whyNot is null;
    }
}
