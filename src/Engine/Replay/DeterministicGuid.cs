using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Engine.Replay;

/// <summary>RFC 4122 version 5 ids: the same text gives the same id, in each replay.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] Namespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string text)
    {
        var name = Encoding.UTF8.GetBytes(text);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // Version 5 ids are defined over SHA-1, and are not a secret.
        SHA1.HashData([.. Namespace, .. name], hash);
#pragma warning restore CA5350
        var version = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((version & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
