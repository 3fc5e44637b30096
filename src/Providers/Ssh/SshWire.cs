using System.Buffers.Binary;
using System.Text;

namespace Rotunda.Providers.Ssh;

/// <summary>The data types of SSH's protocol (RFC 4251, section 5), as far as keys use them.</summary>
internal static class SshWire
{
    public static byte[] Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] String(ReadOnlySpan<byte> bytes) => [.. Number((uint)bytes.Length), .. bytes];

    public static byte[] String(string text) => String(Encoding.ASCII.GetBytes(text));

    /// <summary>A number of any size that is not negative: no zeros in front but the one that keeps it so.</summary>
    public static byte[] BigNumber(ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        return number.Length > 0 && number[0] >= 0x80 ? String([0, .. number]) : String(number);
    }

    /// <summary>Takes a string from the front.</summary>
    /// <exception cref="FormatException">It is not there whole.</exception>
    public static ReadOnlySpan<byte> TakeString(ref ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 4)
        {
            throw new FormatException("The key breaks off.");
        }

        var taken = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return taken;
    }
}
