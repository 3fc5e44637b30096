using System.Buffers.Binary;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>A message of the protocol (MS-TDS 2.2.3), put together from its packets.</summary>
internal sealed record TdsMessage(byte Kind, byte[] Body)
{
    public const byte Batch = 0x01;
    public const byte Call = 0x03;
    public const byte Answer = 0x04;
    public const byte Attention = 0x06;
    public const byte Login = 0x10;
    public const byte Before = 0x12;
    private const int Head = 8;
    private const int Largest = 32_767;
    private const byte IsLast = 0x01;

    /// <exception cref="EndOfStreamException">The client has gone.</exception>
    public static async Task<TdsMessage> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var head = new byte[Head];
        while (true)
        {
            await stream.ReadExactlyAsync(head, cancellationToken);
            var length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
            if (length is < Head or > Largest)
            {
                throw new FakeVendorException($"A packet of {length} bytes.");
            }

            var part = new byte[length - Head];
            await stream.ReadExactlyAsync(part, cancellationToken);
            body.Write(part);
            if ((head[1] & IsLast) != 0)
            {
                return new(head[0], body.ToArray());
            }
        }
    }

    /// <param name="packet">The size of one, as the client asked for it.</param>
    public async Task WriteAsync(Stream stream, int packet, CancellationToken cancellationToken)
    {
        var all = new MemoryStream();
        var at = 0;
        byte number = 1;
        do
        {
            var length = Math.Min(Body.Length - at, packet - Head);
            var head = new byte[Head];
            head[0] = Kind;
            head[1] = at + length == Body.Length ? IsLast : (byte)0;
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(length + Head));
            head[6] = number++;
            all.Write(head);
            all.Write(Body, at, length);
            at += length;
        }
        while (at < Body.Length);
        await stream.WriteAsync(all.ToArray(), cancellationToken);
    }
}
