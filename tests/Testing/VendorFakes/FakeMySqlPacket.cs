using System.Buffers.Binary;
using System.Text;

namespace Rotunda.Testing.VendorFakes;

/// <summary>Reads what a client of MySQL sent, from its beginning on.</summary>
internal sealed class FakeMySqlPacket(byte[] packet)
{
    private int _at;

    public void Skip(int count) => _at += count;

    public int Number(int length)
    {
        var bytes = new byte[4];
        packet.AsSpan(_at, length).CopyTo(bytes);
        _at += length;
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public string Zeroed()
    {
        var end = Array.IndexOf(packet, (byte)0, _at);
        var text = Encoding.UTF8.GetString(packet.AsSpan(_at, end - _at));
        _at = end + 1;
        return text;
    }

    public byte[] Prefixed()
    {
        var length = packet[_at];
        _at += 1 + length;
        return packet[(_at - length).._at];
    }
}
