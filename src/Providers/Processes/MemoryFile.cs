using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rotunda.Providers.Processes;

/// <summary>
/// A file that is nowhere but in memory, for one program: what <see cref="Start"/> starts inherits it and opens it by
/// <see cref="Path"/>. Nothing else can, and it goes with the processes.
/// </summary>
internal sealed class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1;
    private const int SetFlags = 2;
    private const uint OwnerOnly = 0x180;

    private readonly SafeFileHandle _file;
    private readonly int _length;

    private MemoryFile(SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        (_file, _length) = (file, content.Length);
        RandomAccess.Write(_file, content, 0);
        Path = $"/proc/self/fd/{file.DangerousGetHandle()}";
    }

    /// <summary>As the program that is started sees it, as often as it likes.</summary>
    public string Path { get; }

    /// <summary>Null if the system has none (it is not Linux).</summary>
    public static MemoryFile? TryMake(ReadOnlySpan<byte> content)
    {
        var descriptor = OperatingSystem.IsLinux() ? MemfdCreate("rotunda", CloseOnExec) : -1;
        if (descriptor < 0)
        {
            return null;
        }

        // Some programs refuse a file of passwords that others could read.
        _ = ChangeMode(descriptor, OwnerOnly);
        return new MemoryFile(new SafeFileHandle(descriptor, ownsHandle: true), content);
    }

    /// <summary>Starts the program with this file. Whatever else Rotunda starts meanwhile waits, and does not get it.</summary>
    public Process? Start(ProcessStartInfo info)
    {
        var descriptor = (int)_file.DangerousGetHandle();
        return ChildProcess.Start(
            info,
            give: () => _ = Control(descriptor, SetFlags, 0),
            take: () => _ = Control(descriptor, SetFlags, (int)CloseOnExec));
    }

    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            RandomAccess.Write(_file, new byte[_length], 0);
            _file.Dispose();
        }
    }

    [DllImport("libc", EntryPoint = "memfd_create", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemfdCreate([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);

    [DllImport("libc", EntryPoint = "fchmod")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeMode(int descriptor, uint mode);

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command, int argument);
}
