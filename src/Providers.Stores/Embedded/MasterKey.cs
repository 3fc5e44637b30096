using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>The key that the embedded store's values are encrypted under. Only its id is ever shown.</summary>
public sealed class MasterKey : IDisposable
{
    public const int Bytes = 32;
    private const int IdDigits = 8;
    private readonly byte[] _master;

    private MasterKey(byte[] master)
    {
        _master = master;
        Id = Convert.ToHexStringLower(SHA256.HashData(Derive("rotunda store key id v1"u8)))[..IdDigits];
    }

    /// <summary>Tells keys apart: 8 hex digits.</summary>
    public string Id { get; }

    public static MasterKey Generate() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <param name="source">Where it came from, for the message.</param>
    /// <exception cref="StoreUnavailableException">It is not 32 bytes as base64 or hex. The message does not hold it.</exception>
    public static MasterKey Parse(string text, string source)
    {
        text = text.Trim();
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text.Length == Bytes * 2 && text.All(char.IsAsciiHexDigit))
        {
            return new MasterKey(Convert.FromHexString(text));
        }

        if (Convert.TryFromBase64String(text, bytes, out var written) && written == Bytes)
        {
            return new MasterKey(bytes.ToArray());
        }

        throw new StoreUnavailableException(
            $"the master key in {source} is not 32 bytes as base64 or hex. Make one with: openssl rand -base64 32");
    }

    internal byte[] EncryptionKey() => Derive("rotunda store encryption v1"u8);

    /// <summary>The text of a key file.</summary>
    internal byte[] ToFileText() => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_master) + "\n");

    public void Dispose() => CryptographicOperations.ZeroMemory(_master);

    private byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        var key = new byte[Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, key, [], purpose);
        return key;
    }
}
