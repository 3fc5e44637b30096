using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>
/// One Fernet key at work (https://github.com/fernet/spec): base64url of version, time, IV, AES-128-CBC and HMAC-SHA256. A token's
/// age is not looked at: what is stored has no time to live, and moving it to another key keeps its time.
/// </summary>
/// <remarks>
/// A call of the system's AES costs more than what it does to a short text. So the chaining of CBC is done here: all blocks of
/// a batch are decrypted in one call, and encrypted in as many as the longest text has blocks.
/// </remarks>
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
    private readonly List<(int Index, int Start, int Length)> _tokens = [];

    /// <summary>Tokens as bytes, one after the other: no secret.</summary>
    private byte[] _raw = new byte[64 * 1024];

    /// <summary>Blocks in the clear, while they are worked on.</summary>
    private byte[] _clear = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private byte[] _sealed = new byte[64 * 1024];

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
            return text.Length is 43 or 44
                && Base64Url.DecodeFromUtf8(text, key, out _, out var length) == OperationStatus.Done
                && length == KeyLength
                ? new FernetKey(key[..KeyLength]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens every value that is not opened yet and is a token of this key.</summary>
    /// <param name="key">This key's position in the ring.</param>
    public void Open(Cells cells, int key)
    {
        var blocks = Authenticate(cells);
        if (blocks == 0)
        {
            return;
        }

        var clear = Room(ref _clear, blocks, pinned: true);
        _aes.DecryptEcb(_sealed.AsSpan(0, blocks), clear, PaddingMode.None);
        var at = 0;
        foreach (var (index, start, length) in _tokens)
        {
            // The block before a block: for the first, the IV, which stands before it in the token.
            Xor(clear.Slice(at, length), _raw.AsSpan(start + Header - IvLength, length));
            Take(cells, index, key, clear.Slice(at, length), BinaryPrimitives.ReadInt64BigEndian(_raw.AsSpan(start + 1)));
            at += length;
        }

        CryptographicOperations.ZeroMemory(clear);
    }

    /// <summary>Seals every wanted value.</summary>
    /// <param name="ivs">An IV for each value by its position, wanted or not; none was ever used before.</param>
    public void Seal(Cells cells, ReadOnlySpan<byte> ivs)
    {
        var longest = LayOut(cells, ivs);
        var input = Room(ref _clear, _tokens.Count * Block, pinned: true);
        var output = Room(ref _sealed, _tokens.Count * Block);
        for (var block = 0; block < longest; block++)
        {
            var count = Gather(cells, block, input);
            _aes.EncryptEcb(input[..(count * Block)], output, PaddingMode.None);
            Scatter(block, output);
        }

        CryptographicOperations.ZeroMemory(input);
        foreach (var (index, start, length) in _tokens)
        {
            var token = _raw.AsSpan(start, Header + length + Mac);
            _mac.AppendData(token[..^Mac]);
            _mac.GetHashAndReset(token[^Mac..]);
            cells.Seal(index, Encode(token));
        }
    }

    public void Dispose()
    {
        _aes.Dispose();
        _mac.Dispose();
    }

    /// <summary>Finds the tokens that this key has signed. Returns the length of their ciphertexts, which then stand in a row.</summary>
    private int Authenticate(Cells cells)
    {
        _tokens.Clear();
        var (used, blocks) = (0, 0);
        Span<byte> mac = stackalloc byte[Mac];
        for (var index = 0; index < cells.Count; index++)
        {
            if (!cells.IsShut(index))
            {
                continue;
            }

            var token = cells.TokenOf(index);
            Grow(ref _raw, used, token.Length);
            var raw = _raw.AsSpan(used);
            if (Base64Url.DecodeFromUtf8(token, raw, out _, out var length) != OperationStatus.Done
                || length < Header + Block + Mac
                || raw[0] != Version
                || (length - Header - Mac) % Block != 0)
            {
                continue;
            }

            _mac.AppendData(raw[..(length - Mac)]);
            _mac.GetHashAndReset(mac);
            if (CryptographicOperations.FixedTimeEquals(mac, raw[(length - Mac)..length]))
            {
                var text = length - Header - Mac;
                Grow(ref _sealed, blocks, text);
                raw.Slice(Header, text).CopyTo(_sealed.AsSpan(blocks));
                _tokens.Add((index, used, text));
                (used, blocks) = (used + length, blocks + text);
            }
        }

        return blocks;
    }

    private static void Take(Cells cells, int index, int key, ReadOnlySpan<byte> padded, long stamp)
    {
        var padding = padded[^1];
        if (padding is 0 or > Block || padded[^padding..].IndexOfAnyExcept(padding) >= 0)
        {
            return;
        }

        var plain = padded[..^padding];
        plain.CopyTo(cells.Reserve(plain.Length));
        cells.Open(index, key, plain.Length, stamp);
    }

    /// <summary>Gives each wanted value its place, with header and IV. Returns how many blocks the longest has.</summary>
    private int LayOut(Cells cells, ReadOnlySpan<byte> ivs)
    {
        _tokens.Clear();
        var (used, longest) = (0, 0);
        for (var index = 0; index < cells.Count; index++)
        {
            ref var cell = ref cells[index];
            if (!cell.Wanted)
            {
                continue;
            }

            var length = ((cell.Length / Block) + 1) * Block;
            Grow(ref _raw, used, Header + length + Mac);
            var raw = _raw.AsSpan(used);
            raw[0] = Version;
            BinaryPrimitives.WriteInt64BigEndian(raw[1..], cell.Stamp);
            ivs.Slice(index * IvLength, IvLength).CopyTo(raw[9..]);
            _tokens.Add((index, used, length));
            used += Header + length + Mac;
            longest = Math.Max(longest, length / Block);
        }

        return longest;
    }

    /// <summary>This block of every text that has one, each with the block before it mixed in. Returns how many.</summary>
    private int Gather(Cells cells, int block, Span<byte> input)
    {
        var count = 0;
        foreach (var (index, start, length) in _tokens)
        {
            if (block * Block >= length)
            {
                continue;
            }

            var into = input.Slice(count++ * Block, Block);
            var plain = cells.PlainOf(index);
            var rest = plain[Math.Min(plain.Length, block * Block)..];
            if (rest.Length < Block)
            {
                into.Fill((byte)(length - plain.Length));
            }

            rest[..Math.Min(Block, rest.Length)].CopyTo(into);
            Xor(into, _raw.AsSpan(start + Header + ((block - 1) * Block), Block));
        }

        return count;
    }

    private void Scatter(int block, ReadOnlySpan<byte> output)
    {
        var count = 0;
        foreach (var (_, start, length) in _tokens)
        {
            if (block * Block < length)
            {
                output.Slice(count++ * Block, Block).CopyTo(_raw.AsSpan(start + Header + (block * Block)));
            }
        }
    }

    /// <summary>Whole blocks.</summary>
    private static void Xor(Span<byte> into, ReadOnlySpan<byte> with)
    {
        var wide = MemoryMarshal.Cast<byte, ulong>(into);
        var other = MemoryMarshal.Cast<byte, ulong>(with);
        for (var index = 0; index < wide.Length; index++)
        {
            wide[index] ^= other[index];
        }
    }

    /// <summary>With the padding that the specification asks for and .NET leaves out.</summary>
    private static byte[] Encode(ReadOnlySpan<byte> raw)
    {
        var token = new byte[(raw.Length + 2) / 3 * 4];
        Base64Url.EncodeToUtf8(raw, token, out _, out var written);
        token.AsSpan(written).Fill((byte)'=');
        return token;
    }

    private static Span<byte> Room(ref byte[] buffer, int length, bool pinned = false)
    {
        if (buffer.Length < length)
        {
            CryptographicOperations.ZeroMemory(buffer);
            buffer = GC.AllocateUninitializedArray<byte>(length * 2, pinned);
        }

        return buffer.AsSpan(0, length);
    }

    private static void Grow(ref byte[] buffer, int used, int more)
    {
        if (buffer.Length - used < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + more));
        }
    }
}
