using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rotunda.Reencryption.Formats;

/// <summary>A file that is nowhere but in memory and goes with this process; another process of the same user opens it by
/// <see cref="Path"/>.</summary>
internal sealed class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1;
    private readonly SafeFileHandle _file;
    private readonly int _length;

    /// <exception cref="RowFormatException">The system has none (it is not Linux).</exception>
    public MemoryFile(ReadOnlySpan<byte> content)
    {
        var descriptor = OperatingSystem.IsLinux() ? MemfdCreate("rotunda", CloseOnExec) : -1;
        if (descriptor < 0)
        {
            throw new RowFormatException("Format exec gives its keys by a file in memory, which only Linux has.");
        }

        _file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(_file, content, 0);
        (_length, Path) = (content.Length, $"/proc/{Environment.ProcessId}/fd/{descriptor}");
    }

    public string Path { get; }

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
}
