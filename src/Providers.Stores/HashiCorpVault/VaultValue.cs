using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>How a value and what it is for are written into a secret's data.</summary>
internal static class VaultValue
{
    public const string Value = "value";
    public const string Encoding = "encoding";
    public const string Owner = "rotunda_owner";
    public const string Fingerprint = "rotunda_fingerprint";
    public const string Version = "rotunda_version";
    private const string Base64 = "base64";
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Sets the value's keys; others stay.</summary>
    public static void Put(JsonObject data, SecretValue value)
    {
        try
        {
            data[Value] = Strict.GetString(value.RevealBytes());
            data.Remove(Encoding);
        }
        catch (ArgumentException)
        {
            data[Value] = Convert.ToBase64String(value.RevealBytes());
            data[Encoding] = Base64;
        }
    }

    /// <summary>Null if the keys are not as <see cref="Put"/> writes them.</summary>
    public static SecretValue? Take(VaultEntry entry)
    {
        if (entry.Text(Value) is not { } text)
        {
            return null;
        }

        if (entry.Data![Encoding] is null)
        {
            return SecretValue.FromText(text);
        }

        var bytes = new byte[text.Length];
        try
        {
            return entry.Text(Encoding) == Base64 && Convert.TryFromBase64String(text, bytes, out var length)
                ? SecretValue.FromBytes(bytes.AsSpan(0, length))
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public static bool Is(VaultEntry entry, SecretValue value)
    {
        using var there = Take(entry);
        return there?.ValueEquals(value) == true;
    }

    /// <summary>An owner as one part of a path: itself, or, where it has characters that do not belong there, with a hash of it.</summary>
    public static string PartOf(string owner)
    {
        var part = string.Concat(owner.Select(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' ? symbol : '_'));
        return part == owner ? part : $"{part}-{Convert.ToHexStringLower(SHA256.HashData(Strict.GetBytes(owner)))[..8]}";
    }
}
