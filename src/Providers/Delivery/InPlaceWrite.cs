using Microsoft.Win32.SafeHandles;
using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>Gives the same file other bytes: whoever has it open or mounted sees them.</summary>
internal sealed class InPlaceWrite(string path, bool ownsAll, FileWrites writes)
{
    private const int ReadOnly = 30;
    private readonly HalfWritten _half = new(path, writes);

    /// <summary>False if somebody has edited it since it was read.</summary>
    public bool TryPut(byte[] before, byte[] after)
    {
        using var file = Open();
        if (!Standing(file).AsSpan().SequenceEqual(before))
        {
            return false;
        }

        if (!ownsAll)
        {
            _half.Keep(before, after);
        }

        try
        {
            Put(file, after);
        }
        catch (IOException)
        {
            Put(file, before);
            throw;
        }

        if (!ownsAll)
        {
            _half.Remove();
        }

        return true;
    }

    /// <summary>Puts back what stood there before a write that a crash ended.</summary>
    public void Level(byte[] before)
    {
        using var file = Open();
        Put(file, before);
        _half.Remove();
    }

    /// <exception cref="DeliveryException">It could not be written now.</exception>
    public void Check(FileFacts facts, int spare)
    {
        if (facts.IsImmutable)
        {
            throw new DeliveryException(
                $"{path} is marked as one that nobody may write (immutable), or only append to. Run: chattr -ia {path}");
        }

        try
        {
            Open().Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            throw new DeliveryException($"This process may not read and write {path}. Give it the right to.");
        }
        catch (IOException problem) when ((problem.HResult & 0xffff) is ReadOnly)
        {
            throw new DeliveryException($"{path} is on a disk that is mounted read-only. Mount it for writing.");
        }

        if (new DriveInfo(path).AvailableFreeSpace < facts.Length + spare)
        {
            throw new DeliveryException(
                $"The disk of {path} is full: there is no room for {facts.Length + spare} bytes. Free some space.");
        }
    }

    private SafeFileHandle Open() =>
        File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static byte[] Standing(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
        {
            read += more;
        }

        return bytes[..read];
    }

    private void Put(SafeFileHandle file, byte[] content)
    {
        writes.Write(file, content, 0);
        writes.SetLength(file, content.Length);
        writes.Sync(file);
    }
}
