using Microsoft.Win32.SafeHandles;

namespace Rotunda.Providers.Delivery;

/// <summary>The writes by which a file is changed in place. Tests end them anywhere, as a crash does.</summary>
internal class FileWrites
{
    public static FileWrites Real { get; } = new();

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(file, bytes, at);

    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public virtual void Delete(string path) => File.Delete(path);
}
