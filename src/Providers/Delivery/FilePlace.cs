using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>Whether the file at a path can be replaced now, found out by trying all of a delivery but the last rename.</summary>
internal static class FilePlace
{
    private const int DiskFull = 28;
    private const int ReadOnly = 30;
    private const int QuotaSpent = 122;

    /// <summary>What a delivery may add to what stands there.</summary>
    private const int Spare = 64 * 1024;

    /// <summary>Throws if there is something other than a file: reading a named pipe, or a device, may never come back.</summary>
    /// <exception cref="DeliveryException">It is no file.</exception>
    public static FileFacts RequireFile(string path)
    {
        var facts = FileFacts.Of(path);
        var what = facts.Kind switch
        {
            FileKind.Pipe => "a named pipe (some password managers make one): it holds nothing that could be replaced",
            FileKind.Socket => "a socket",
            FileKind.Device => "a device",
            _ => null,
        };
        return what is null ? facts : throw new DeliveryException($"{path} is {what}. Give the path of a file.");
    }

    /// <summary>Throws if a file beside it could not be renamed over it.</summary>
    /// <exception cref="DeliveryException">It could not; the message says why and what to do.</exception>
    public static void RequireReplaceable(string path)
    {
        var facts = RequireFile(path);
        if (facts.IsMountPoint)
        {
            throw new DeliveryException(
                $"{path} cannot be replaced because it is a mount point (a single file mounted into a container). Mount its folder "
                    + "instead.");
        }

        if (facts.IsImmutable)
        {
            throw new DeliveryException(
                $"{path} is marked as one that nobody may replace (immutable, or append-only). Run: chattr -ia {path}");
        }

        var folder = Path.GetDirectoryName(path)!;
        if (FileFacts.Of(folder).IsImmutable)
        {
            throw new DeliveryException(
                $"{folder} is marked as one in which nothing may be replaced (immutable, or append-only). Run: chattr -ia {folder}");
        }

        RequireNotKeptByOthers(path, folder, facts);
        RequireReadable(path, facts);
    }

    /// <summary>Writes as much as stands there and a little more, and renames it: both names are in the folder.</summary>
    /// <param name="probe">Where to write. It is gone afterwards.</param>
    /// <param name="settle">What a delivery does to a file before it puts it in place.</param>
    /// <exception cref="DeliveryException">It cannot be done.</exception>
    public static void Try(string path, string probe, long length, Action<string> settle)
    {
        var folder = Path.GetDirectoryName(path)!;
        var renamed = probe + ".tmp";
        try
        {
            using (var stream = PrivateFile.Create(probe))
            {
                Fill(stream, length + Spare);
            }

            settle(probe);
            File.Move(probe, renamed);
        }
        catch (FileNotFoundException)
        {
            // A delivery to the same file took it for a leftover and removed it: it could be made, then.
        }
        catch (UnauthorizedAccessException)
        {
            throw new DeliveryException(
                $"This process may not create and rename files in {folder}, which replacing {path} in one step needs. Give it write "
                    + "access to the folder.");
        }
        catch (IOException problem) when ((problem.HResult & 0xffff) is DiskFull or QuotaSpent)
        {
            throw new DeliveryException(
                $"The disk of {folder} is full, or its quota is spent: there is no room for {length + Spare} bytes. Free some space.");
        }
        catch (IOException problem) when ((problem.HResult & 0xffff) is ReadOnly)
        {
            throw new DeliveryException($"{folder} is on a disk that is mounted read-only. Mount it for writing.");
        }
        finally
        {
            File.Delete(probe);
            File.Delete(renamed);
        }
    }

    /// <summary>What stands there is kept before the first delivery.</summary>
    private static void RequireReadable(string path, FileFacts facts)
    {
        try
        {
            if (facts.Kind == FileKind.File)
            {
                File.OpenHandle(path).Dispose();
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new DeliveryException($"This process may not read {path}. Give it read access to the file.");
        }
    }

    /// <summary>In a folder with the sticky bit (as /tmp), only a file's owner and the folder's may replace it.</summary>
    private static void RequireNotKeptByOthers(string path, string folder, FileFacts facts)
    {
        if (OperatingSystem.IsWindows() || facts.User is not { } owner || !File.GetUnixFileMode(folder).HasFlag(UnixFileMode.StickyBit))
        {
            return;
        }

        var us = UnixFiles.User;
        if (us != 0 && us != owner && us != FileFacts.Of(folder).User)
        {
            throw new DeliveryException(
                $"{path} belongs to another user (number {owner}), and {folder} lets only owners replace their files (its sticky bit is "
                    + $"set). Run Rotunda as that user, or: chmod -t {folder}");
        }
    }

    private static void Fill(FileStream stream, long length)
    {
        var zeros = new byte[64 * 1024];
        for (var left = length; left > 0; left -= zeros.Length)
        {
            stream.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
        }

        stream.Flush(flushToDisk: true);
    }
}
