using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>
/// Tells values apart without telling them: the first 12 hex digits of SHA-256(salt || value), both as UTF-8. The salt is
/// the secret's own (16 random bytes as hex, made at adoption, kept in the ledger), so equal values of two secrets differ.
/// </summary>
public static class Fingerprint
{
    public const int HexDigits = 12;

    public static string Of(SecretValue value, string salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(salt));
        hash.AppendData(value.RevealBytes());
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HexDigits];
    }
}
