using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rotunda.Providers.Delivery;

/// <summary>What .NET does not offer about files on Unix: owners, and syncing a folder.</summary>
internal static class UnixFiles
{
    private const int AtCurrentFolder = -100;
    private const uint StatxBasic = 0x7ff;
    private const int UidOffset = 20;
    private const int GidOffset = 24;

    /// <summary>Null where the system does not tell (not Linux).</summary>
    public static (uint User, uint Group)? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var buffer = new byte[256];
        return Statx(AtCurrentFolder, path, 0, StatxBasic, buffer) == 0
            ? (
                BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(UidOffset)),
                BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(GidOffset)))
            : null;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint User => GetEffectiveUser();

    public static bool TrySetOwner(string path, (uint User, uint Group) owner) => Chown(path, owner.User, owner.Group) == 0;

    /// <summary>Makes a rename in the folder survive a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException("The folder cannot be opened for syncing.");
        }

        var result = FSync(descriptor);
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException("The folder cannot be synced.");
        }
    }

    [DllImport("libc", EntryPoint = "statx", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] buffer);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUser();

    [DllImport("libc", EntryPoint = "chown", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "open", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
