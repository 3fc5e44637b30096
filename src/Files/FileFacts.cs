using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rotunda.Files;

/// <summary>
/// What the system tells of a path without opening it: opening a named pipe waits for a writer, for ever if there is none.
/// Symbolic links are followed.
/// </summary>
/// <param name="User">The owner; null where the system does not tell (not Linux).</param>
/// <param name="IsImmutable">It cannot be changed, renamed or removed, by anybody (<c>chattr +i</c>, or <c>+a</c>).</param>
/// <param name="IsMountPoint">Something is mounted at this very path.</param>
public sealed record FileFacts(FileKind Kind, long Length, uint? User, bool IsImmutable, bool IsMountPoint)
{
    private const int AtCurrentFolder = -100;
    private const uint Basic = 0x7ff;
    private const ulong Immutable = 0x10;
    private const ulong AppendOnly = 0x20;
    private const ulong MountRoot = 0x2000;
    private const int AttributesAt = 8;
    private const int LinksAt = 16;
    private const int UserAt = 20;
    private const int ModeAt = 28;
    private const int LengthAt = 40;
    private const int SupportedAt = 56;

    /// <summary>How many names the file has (hard links).</summary>
    public long Links { get; init; } = 1;

    /// <summary>Where there is nothing.</summary>
    public static FileFacts Nothing { get; } = new(FileKind.Missing, 0, null, false, false);

    /// <exception cref="UnauthorizedAccessException">A folder above it may not be entered.</exception>
    /// <exception cref="IOException">The system cannot tell: a disk or a share that does not answer.</exception>
    public static FileFacts Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            var file = new FileInfo(path);
            return file.Exists ? new(FileKind.File, file.Length, null, false, false)
                : Directory.Exists(path) ? new(FileKind.Folder, 0, null, false, false) : Nothing;
        }

        const int NoAccess = 13, InputOutput = 5, StaleHandle = 116, TimedOut = 110, HostDown = 112, NotConnected = 107;
        var buffer = new byte[256];
        if (Statx(AtCurrentFolder, path, 0, Basic, buffer) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoAccess => throw new UnauthorizedAccessException(
                    $"'{path}' may not be looked at: a folder above it is closed to this user."),
                InputOutput or StaleHandle or TimedOut or HostDown or NotConnected => throw new IOException(
                    $"'{path}' cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}."),
                _ => Nothing,
            };
        }

        var attributes = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(AttributesAt));
        var supported = BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(SupportedAt));
        return new(
            KindOf(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(ModeAt))),
            BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(LengthAt)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(UserAt)),
            (attributes & (Immutable | AppendOnly)) != 0,
            (supported & MountRoot) == 0 ? IsListedAsMount(path) : (attributes & MountRoot) != 0)
        {
            Links = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(LinksAt)),
        };
    }

    private static FileKind KindOf(int mode) => (mode & 0xf000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0x1000 => FileKind.Pipe,
        0xc000 => FileKind.Socket,
        0x2000 or 0x6000 => FileKind.Device,
        _ => FileKind.Unknown,
    };

    /// <summary>Kernels before 5.8 do not say it of the file.</summary>
    private static bool IsListedAsMount(string path)
    {
        const string Mounts = "/proc/self/mountinfo";
        const int PlaceAt = 4;
        var written = RealPath.Of(path).Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
            .Replace("\t", "\\011", StringComparison.Ordinal).Replace("\n", "\\012", StringComparison.Ordinal);
        return File.Exists(Mounts) && File.ReadLines(Mounts).Any(line => line.Split(' ').ElementAtOrDefault(PlaceAt) == written);
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] buffer);
}
