using System.Buffers.Binary;
using System.Security.Cryptography;
using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>
/// A copy beside a file while it is written in place: what stood there and what is to stand there. By it a half that a crash left
/// is known for what it is, and the lines of others in it are not lost. Only its owner may read it.
/// </summary>
internal sealed class HalfWritten(string path, FileWrites writes)
{
    private const int Head = 16;
    private static ReadOnlySpan<byte> Mark => "rotunda1"u8;

    private readonly string _copy = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.rotunda-half");

    /// <summary>Keeps both, safe on the disk, before the first byte of the file is changed.</summary>
    public void Keep(byte[] before, byte[] after)
    {
        var content = new byte[Head + before.Length + after.Length + SHA256.HashSizeInBytes];
        Mark.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), before.Length);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), after.Length);
        before.CopyTo(content, Head);
        after.CopyTo(content, Head + before.Length);
        SHA256.HashData(content.AsSpan(..^SHA256.HashSizeInBytes), content.AsSpan(^SHA256.HashSizeInBytes..));
        Remove();
        using (var stream = PrivateFile.Create(_copy))
        {
            writes.Write(stream.SafeFileHandle, content, 0);
            writes.Sync(stream.SafeFileHandle);
        }

        UnixFiles.SyncFolder(Path.GetDirectoryName(path)!);
        CryptographicOperations.ZeroMemory(content);
    }

    public void Remove()
    {
        if (File.Exists(_copy))
        {
            writes.Delete(_copy);
        }
    }

    /// <summary>What stood there before the write that a crash ended; null if what stands there now is no such half.</summary>
    public byte[]? Undone(byte[] now)
    {
        // A copy that is not whole was not finished: the file was not touched then.
        if (FileFacts.Of(_copy) is not { Kind: FileKind.File } facts || (facts.User is { } user && user != UnixFiles.User))
        {
            return null;
        }

        var content = File.ReadAllBytes(_copy);
        if (content.Length < Head + SHA256.HashSizeInBytes
            || !content.AsSpan(0, 8).SequenceEqual(Mark)
            || !SHA256.HashData(content.AsSpan(..^SHA256.HashSizeInBytes))
                .AsSpan()
                .SequenceEqual(content.AsSpan(^SHA256.HashSizeInBytes..)))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(8));
        var before = content.AsSpan(Head, length);
        return IsHalf(now, before, content.AsSpan((Head + length)..^SHA256.HashSizeInBytes)) ? before.ToArray() : null;
    }

    /// <summary>Each byte is from one of both (or never arrived on the disk), but the whole is neither: nobody has edited it
    /// since.</summary>
    private static bool IsHalf(ReadOnlySpan<byte> now, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (now.SequenceEqual(before)
            || now.SequenceEqual(after)
            || now.Length < Math.Min(before.Length, after.Length)
            || now.Length > Math.Max(before.Length, after.Length))
        {
            return false;
        }

        for (var i = 0; i < now.Length; i++)
        {
            var isOld = i < before.Length ? now[i] == before[i] : now[i] == 0;
            if (!isOld && (i >= after.Length || now[i] != after[i]))
            {
                return false;
            }
        }

        return true;
    }
}
