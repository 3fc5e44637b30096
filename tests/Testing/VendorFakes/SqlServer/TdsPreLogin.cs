namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>The first words of both sides (MS-TDS 2.2.6.5).</summary>
internal static class TdsPreLogin
{
    public const byte On = 1;
    public const byte NotSupported = 2;
    private const byte Encryption = 1;
    private const byte End = 0xFF;

    public static byte EncryptionOf(byte[] body)
    {
        for (var at = 0; body[at] != End; at += 5)
        {
            if (body[at] == Encryption)
            {
                return body[(body[at + 1] << 8) | body[at + 2]];
            }
        }

        throw new FakeVendorException("A client that does not say how its connection is to be protected.");
    }

    public static byte[] Answer(FakeSqlTls tls) =>
    [
        // Version, encryption, instance, several statements at once: kind, where it stands, how long it is.
        0, 0, 21, 0, 6,
        1, 0, 27, 0, 1,
        2, 0, 28, 0, 1,
        4, 0, 29, 0, 1,
        End,
        16, 0, 0x0F, 0xA0, 0, 0,
        tls == FakeSqlTls.Inside ? On : NotSupported,
        0,
        0,
    ];
}
