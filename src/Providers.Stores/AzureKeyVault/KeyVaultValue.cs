using System.Security.Cryptography;
using System.Text;
using Azure.Security.KeyVault.Secrets;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>How values, which may be any bytes, are written as a secret's text.</summary>
internal static class KeyVaultValue
{
    /// <summary>How many tags Key Vault takes for one version.</summary>
    public const int MostTags = 15;

    public const string Base64 = "application/octet-stream;base64";
    private const int Largest = 25 * 1024;
    private const int LongestName = 127;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text, and the content type that says how to read it; null for plain text.</summary>
    /// <exception cref="WebFailureException">It is too large.</exception>
    public static (string Text, string? ContentType) Write(SecretValue value)
    {
        string text;
        string? type = null;
        try
        {
            text = Strict.GetString(value.RevealBytes());
        }
        catch (ArgumentException)
        {
            (text, type) = (Convert.ToBase64String(value.RevealBytes()), Base64);
        }

        return Strict.GetByteCount(text) <= Largest ? (text, type)
            : throw new WebFailureException(
                StepOutcome.Rejected(
                    $"The value is larger than the 25 KB that Key Vault takes; keep it in another store "
                        + $"({Strict.GetByteCount(text)} bytes)."));
    }

    /// <summary>Null if it is not as <see cref="Write"/> writes it.</summary>
    public static SecretValue? Read(KeyVaultSecret secret)
    {
        if (secret.Properties.ContentType != Base64)
        {
            return SecretValue.FromText(secret.Value);
        }

        var bytes = new byte[secret.Value.Length];
        try
        {
            return Convert.TryFromBase64String(secret.Value, bytes, out var length) ? SecretValue.FromBytes(bytes.AsSpan(0, length)) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public static bool Is(KeyVaultSecret? secret, SecretValue value)
    {
        using var there = secret is null ? null : Read(secret);
        return there?.ValueEquals(value) == true;
    }

    /// <summary>A name as Key Vault takes it.</summary>
    /// <exception cref="WebFailureException">It does not.</exception>
    public static string NameOf(string name, string suffix = "") =>
        name.Length is > 0
            && name.Length + suffix.Length <= LongestName
            && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-')
            ? name + suffix
            : throw new WebFailureException(
                StepOutcome.Rejected(
                    $"\"{name}{suffix}\" cannot be the name of a secret in Key Vault. Use letters, digits and hyphens, at most "
                        + $"{LongestName}."));
}
