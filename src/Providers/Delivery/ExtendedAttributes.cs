using System.Runtime.InteropServices;
using System.Text;

namespace Rotunda.Providers.Delivery;

/// <summary>What hangs on a file on Linux beside its mode and owner: access control lists, labels of SELinux, attributes of
/// users.</summary>
internal static class ExtendedAttributes
{
    public const string AccessList = "system.posix_acl_access";

    /// <summary>All that this process may see; empty where the disk has none.</summary>
    public static IReadOnlyDictionary<string, byte[]> Of(string path)
    {
        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux())
        {
            return all;
        }

        var names = Read((buffer, size) => List(path, buffer, size)) ?? [];
        foreach (var name in Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Read((buffer, size) => Get(path, name, buffer, size)) is { } value)
            {
                all[name] = value;
            }
        }

        return all;
    }

    public static bool TrySet(string path, string name, byte[] value) => Set(path, name, value, (nuint)value.Length, 0) == 0;

    public static bool TryRemove(string path, string name) => Remove(path, name) == 0;

    /// <summary>Asks for the size first; once more if it grew meanwhile. Null if there is none, or it may not be read.</summary>
    private static byte[]? Read(Func<byte[]?, nuint, nint> read)
    {
        const int OutOfRange = 34;
        while (true)
        {
            var size = read(null, 0);
            if (size <= 0)
            {
                return size == 0 ? [] : null;
            }

            var buffer = new byte[size];
            var length = read(buffer, (nuint)buffer.Length);
            if (length >= 0)
            {
                return buffer[..(int)length];
            }

            if (Marshal.GetLastPInvokeError() != OutOfRange)
            {
                return null;
            }
        }
    }

    [DllImport("libc", EntryPoint = "listxattr", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint List([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[]? list, nuint size);

    [DllImport("libc", EntryPoint = "getxattr", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Get(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[]? value, nuint size);

    [DllImport("libc", EntryPoint = "setxattr", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        byte[] value,
        nuint size,
        int flags);

    [DllImport("libc", EntryPoint = "removexattr", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Remove([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
