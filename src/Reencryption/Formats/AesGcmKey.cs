using System.Buffers;
using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>
/// One AES-256-GCM key at work. A value is: 1 byte version (1), 8 bytes key id, 12 bytes nonce, the ciphertext, 16 bytes tag.
/// Version and key id are authenticated with it. The key id is the first 8 bytes of SHA-256 of "rotunda-key-id:" and the key.
/// </summary>
internal sealed class AesGcmKey : IDisposable
{
    public const int NonceLength = 12;
    private const byte Version = 1;
    private const int KeyLength = 32;
    private const int IdLength = 8;
    private const int Header = 1 + IdLength;
    private const int Tag = 16;
    private const int Overhead = Header + NonceLength + Tag;
    private readonly AesGcm _aes;
    private readonly byte[] _header = new byte[Header];
    private byte[] _buffer = new byte[512];

    private AesGcmKey(ReadOnlySpan<byte> key)
    {
        _aes = new AesGcm(key, Tag);
        _header[0] = Version;
        IdOf(key).CopyTo(_header.AsSpan(1));
    }

    /// <summary>Null if it is not 32 bytes as hex, base64 or base64url.</summary>
    public static AesGcmKey? TryParse(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[KeyLength * 2];
        try
        {
            var isKey = text.Length == KeyLength * 2
                ? Convert.FromHexString(text, key, out _, out _) == OperationStatus.Done
                : text.Length is 43 or 44 && Base64Text.TryDecode(text, key, out var length, out _) && length == KeyLength;
            return isKey ? new AesGcmKey(key[..KeyLength]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The length of what it holds; -1 if this key does not open it.</summary>
    /// <param name="isText">The value is base64 of the layout.</param>
    /// <param name="plain">Room as long as the value.</param>
    /// <param name="ways">With a text: how it is written.</param>
    public int Open(ReadOnlySpan<byte> value, bool isText, Span<byte> plain, out Base64Ways ways)
    {
        var raw = value;
        ways = Base64Ways.Standard;
        if (isText)
        {
            var buffer = Buffer(value.Length);
            if (!Base64Text.TryDecode(value, buffer, out var decoded, out ways))
            {
                return -1;
            }

            raw = buffer[..decoded];
        }

        var length = raw.Length - Overhead;
        if (length < 0 || !raw[..Header].SequenceEqual(_header))
        {
            return -1;
        }

        try
        {
            _aes.Decrypt(raw.Slice(Header, NonceLength), raw[(Header + NonceLength)..^Tag], raw[^Tag..], plain[..length], _header);
            return length;
        }
        catch (AuthenticationTagMismatchException)
        {
            return -1;
        }
    }

    /// <param name="ways">How a text is to be written; null for bytes.</param>
    /// <param name="nonce">Never used before with this key.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, Base64Ways? ways, ReadOnlySpan<byte> nonce)
    {
        var raw = ways is null ? new byte[plain.Length + Overhead] : Buffer(plain.Length + Overhead)[..(plain.Length + Overhead)];
        _header.CopyTo(raw);
        nonce.CopyTo(raw[Header..]);
        _aes.Encrypt(nonce, plain, raw[(Header + NonceLength)..^Tag], raw[^Tag..], _header);
        return ways is { } written ? Base64Text.Encode(raw, written) : raw.ToArray();
    }

    public void Dispose() => _aes.Dispose();

    private static byte[] IdOf(ReadOnlySpan<byte> key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("rotunda-key-id:"u8);
        hash.AppendData(key);
        return hash.GetHashAndReset()[..IdLength];
    }

    /// <summary>Holds sealed values only, which are no secret.</summary>
    private Span<byte> Buffer(int length)
    {
        if (_buffer.Length < length)
        {
            _buffer = new byte[length * 2];
        }

        return _buffer;
    }
}
