using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>AES-256-GCM with a random nonce for each value; a sealed value opens only under the name, version and key id it was
/// sealed for.</summary>
internal sealed class ValueCipher(MasterKey key) : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] _key = key.EncryptionKey();

    public string KeyId => key.Id;

    /// <returns>Nonce, tag and ciphertext in one.</returns>
    public byte[] Seal(string name, long version, ReadOnlySpan<byte> value)
    {
        var box = new byte[NonceBytes + TagBytes + value.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            box.AsSpan(0, NonceBytes),
            value,
            box.AsSpan(NonceBytes + TagBytes),
            box.AsSpan(NonceBytes, TagBytes),
            Bound(name, version));
        return box;
    }

    /// <exception cref="CryptographicException">Another key, name or version, or damaged.</exception>
    public SecretValue Open(string name, long version, byte[] box)
    {
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                box.AsSpan(0, NonceBytes),
                box.AsSpan(NonceBytes + TagBytes),
                box.AsSpan(NonceBytes, TagBytes),
                plain,
                Bound(name, version));
            return SecretValue.FromBytes(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    // Lengths in front, so that no two bindings have one encoding.
    private byte[] Bound(string name, long version) => Encoding.UTF8.GetBytes($"rotunda.value.v1:{name.Length}:{name}:{version}:{KeyId}");
}
