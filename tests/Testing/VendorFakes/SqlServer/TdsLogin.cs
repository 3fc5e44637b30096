using System.Buffers.Binary;
using System.Text;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>What a client says to log in (LOGIN7, MS-TDS 2.2.6.4).</summary>
internal sealed record TdsLogin(
    byte[] Version, int Packet, string Host, string User, string Password, string Program, string Server, string Database)
{
    private const int Smallest = 94;

    public static TdsLogin Read(byte[] body)
    {
        if (body.Length < Smallest || BinaryPrimitives.ReadInt32LittleEndian(body) != body.Length)
        {
            throw new FakeVendorException("A login of another length than it says.");
        }

        // OptionFlags2: no login by Windows; ChangePassword: none.
        if ((body[25] & 0x80) != 0 || BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(88)) != 0)
        {
            throw new FakeVendorException("A login by Windows, or one that changes its password.");
        }

        var password = Field(body, 44);
        for (var i = 0; i < password.Length; i++)
        {
            var plain = (byte)(password[i] ^ 0xA5);
            password[i] = (byte)((plain << 4) | (plain >> 4));
        }

        return new(
            body[4..8],
            BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(8)),
            Text(body, 36),
            Text(body, 40),
            Encoding.Unicode.GetString(password),
            Text(body, 48),
            Text(body, 52),
            Text(body, 68));
    }

    private static string Text(byte[] body, int at) => Encoding.Unicode.GetString(Field(body, at));

    private static byte[] Field(byte[] body, int at)
    {
        var from = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at + 2)) * 2;
        return length == 0 ? [] : body[from..(from + length)];
    }
}
