using System.Text;
using Rotunda.Files;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>
/// A file that lists all rows somebody has to look at, one a line: table, what is the matter, key. Never what they hold. What a slice
/// wrote counts only once the slice's place is kept, so that a slice that is done again lists its rows once.
/// </summary>
internal sealed class RowsList : IDisposable
{
    private readonly FileStream _file;

    private RowsList(FileStream file, string path) => (_file, Path) = (file, path);

    public string Path { get; }

    public long Length => _file.Length;

    /// <summary>Null if none is wanted.</summary>
    /// <param name="kept">How much of it is of slices that are done.</param>
    /// <exception cref="RowsStoppedException">It cannot be written.</exception>
    public static RowsList? Open(RowsSetup setup, string rotation, long kept)
    {
        if (setup.ListTo is not { } folder)
        {
            return null;
        }

        var path = PathOf(folder, rotation);
        try
        {
            Directory.CreateDirectory(folder);
            PrivateFile.Ensure(path);
            var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            file.SetLength(Math.Min(kept, file.Length));
            file.Seek(0, SeekOrigin.End);
            return new RowsList(file, path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RowsStoppedException(
                $"The list of rows cannot be written to {folder} ({failed.GetType().Name}). Check 'listTo' and its free space.");
        }
    }

    public static string PathOf(string folder, string rotation) => System.IO.Path.Combine(folder, $"{rotation}.rows.txt");

    public void Add(string table, string what, string key) =>
        _file.Write(Encoding.UTF8.GetBytes($"{table}\t{what}\t{OnOneLine(key)}\n"));

    public void Dispose() => _file.Dispose();

    private static string OnOneLine(string key) => key.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal);
}
