using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Rotunda.Activities.Providers.PostgresRows.Formats;

/// <summary>
/// One Fernet key at work (https://github.com/fernet/spec): base64url of version, time, IV, AES-128-CBC and HMAC-SHA256. A token's
/// age is not looked at: what is stored has no time to live, and moving it to another key keeps its time.
/// </summary>
internal sealed class FernetKey : IDisposable
{
    public const int IvLength = 16;
    private const byte Version = 0x80;
    private const int KeyLength = 32;
    private const int Header = 1 + 8 + IvLength;
    private const int Mac = 32;
    private const int Block = 16;
    private readonly Aes _aes = Aes.Create();
    private readonly IncrementalHash _mac;
    private byte[] _buffer = new byte[512];

    private FernetKey(ReadOnlySpan<byte> key)
    {
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key[..16]);
        _aes.SetKey(key[16..]);
    }

    /// <summary>Null if it is no Fernet key: base64url of 32 bytes.</summary>
    public static FernetKey? TryParse(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[KeyLength + 3];
        try
        {
            return text.Length is 43 or 44 && Base64Url.DecodeFromUtf8(text, key, out _, out var length) == OperationStatus.Done && length == KeyLength
                ? new FernetKey(key[..KeyLength]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The length of what it holds and the token's time; -1 if this key does not open it.</summary>
    /// <param name="plain">Room as long as the token.</param>
    public int Open(ReadOnlySpan<byte> token, Span<byte> plain, out long stamp)
    {
        stamp = 0;
        var raw = Buffer(token.Length);
        if (Base64Url.DecodeFromUtf8(token, raw, out _, out var length) != OperationStatus.Done || length < Header + Block + Mac || raw[0] != Version || (length - Header - Mac) % Block != 0)
        {
            return -1;
        }

        Span<byte> mac = stackalloc byte[Mac];
        _mac.AppendData(raw[..(length - Mac)]);
        _mac.GetHashAndReset(mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, raw[(length - Mac)..length]))
        {
            return -1;
        }

        stamp = BinaryPrimitives.ReadInt64BigEndian(raw[1..]);
        var padded = _aes.DecryptCbc(raw[Header..(length - Mac)], raw.Slice(9, IvLength), plain, PaddingMode.None);
        var padding = plain[padded - 1];
        var isPadded = padding is > 0 and <= Block && plain[(padded - padding)..padded].IndexOfAnyExcept(padding) < 0;
        if (!isPadded)
        {
            CryptographicOperations.ZeroMemory(plain[..padded]);
        }

        return isPadded ? padded - padding : -1;
    }

    /// <param name="iv">Never used before.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, long stamp, ReadOnlySpan<byte> iv)
    {
        var length = Header + ((plain.Length / Block) + 1) * Block + Mac;
        var raw = Buffer(length)[..length];
        raw[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(raw[1..], stamp);
        iv.CopyTo(raw[9..]);
        _aes.EncryptCbc(plain, iv, raw[Header..^Mac]);
        _mac.AppendData(raw[..^Mac]);
        _mac.GetHashAndReset(raw[^Mac..]);
        return Encode(raw);
    }

    public void Dispose()
    {
        _aes.Dispose();
        _mac.Dispose();
    }

    /// <summary>With the padding that the specification asks for and .NET leaves out.</summary>
    private static byte[] Encode(ReadOnlySpan<byte> raw)
    {
        var token = new byte[(raw.Length + 2) / 3 * 4];
        Base64Url.EncodeToUtf8(raw, token, out _, out var written);
        token.AsSpan(written).Fill((byte)'=');
        return token;
    }

    /// <summary>Holds tokens only, which are no secret.</summary>
    private Span<byte> Buffer(int length)
    {
        if (_buffer.Length < length)
        {
            _buffer = new byte[length * 2];
        }

        return _buffer;
    }
}
