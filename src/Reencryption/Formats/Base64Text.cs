using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>How a text writes base64. What is written anew is written like what stood there: whoever reads it may know one way
/// only.</summary>
[Flags]
internal enum Base64Ways
{
    /// <summary>"+" and "/", filled up with "=".</summary>
    Standard = 0,
    /// <summary>"-" and "_".</summary>
    Url = 1,
    Unpadded = 2,
    /// <summary>None of its characters tells the alphabet.</summary>
    AnyAlphabet = 4,
}

/// <summary>Base64 and base64url, padded or not.</summary>
internal static class Base64Text
{
    /// <summary>False if it is neither. White space is looked over, as PostgreSQL's encode() breaks lines.</summary>
    /// <param name="bytes">Room for all: as long as the text.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length, out Base64Ways ways)
    {
        var isUrl = text.IndexOfAny((byte)'-', (byte)'_') >= 0;
        ways = isUrl ? Base64Ways.Url : text.IndexOfAny((byte)'+', (byte)'/') >= 0 ? Base64Ways.Standard : Base64Ways.AnyAlphabet;
        var isWhole = isUrl
            ? Base64Url.DecodeFromUtf8(text, bytes, out _, out length) == OperationStatus.Done
            : Base64.DecodeFromUtf8(text, bytes, out _, out length) == OperationStatus.Done || TryDecodeUnpadded(text, bytes, out length);
        if (isWhole && length % 3 != 0 && text.IndexOf((byte)'=') < 0)
        {
            ways |= Base64Ways.Unpadded;
        }

        return isWhole;
    }

    public static byte[] Encode(ReadOnlySpan<byte> raw, Base64Ways ways)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(raw.Length)];
        if (!ways.HasFlag(Base64Ways.Url))
        {
            Base64.EncodeToUtf8(raw, text, out _, out _);
        }
        else
        {
            Base64Url.EncodeToUtf8(raw, text, out _, out var written);
            text.AsSpan(written).Fill((byte)'=');
        }

        return ways.HasFlag(Base64Ways.Unpadded) ? [.. text.AsSpan().TrimEnd((byte)'=')] : text;
    }

    private static bool TryDecodeUnpadded(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        var rest = text.Length % 4;
        length = 0;
        if (rest < 2 || Base64.DecodeFromUtf8(text[..^rest], bytes, out _, out length) != OperationStatus.Done)
        {
            return false;
        }

        Span<byte> end = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
        text[^rest..].CopyTo(end);
        var isDone = Base64.DecodeFromUtf8(end, bytes[length..], out _, out var last) == OperationStatus.Done;
        CryptographicOperations.ZeroMemory(end);
        length += last;
        return isDone;
    }
}
