using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Rotation.Catalog;

/// <summary>One file that a catalog includes, as it was read.</summary>
public sealed class CatalogFile
{
    private readonly Func<byte[]?> _read;

    /// <param name="name">Relative to the catalog's folder, with forward slashes; unique in its catalog.</param>
    /// <param name="bytes">UTF-8, unless a mark at its beginning says otherwise.</param>
    public CatalogFile(string name, byte[] bytes)
        : this(name, HashOf(bytes), () => bytes)
    {
    }

    /// <summary>One whose bytes are asked for only if it has to be read again.</summary>
    /// <param name="hash"><see cref="HashOf"/> its bytes.</param>
    /// <param name="read">Null where the bytes of that hash cannot be had any more.</param>
    public CatalogFile(string name, string hash, Func<byte[]?> read) => (Name, Hash, _read) = (name, hash, read);

    /// <summary>SHA-256 (hex).</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public string Name { get; }

    /// <summary>SHA-256 (hex) of its bytes.</summary>
    public string Hash { get; }

    /// <returns>Null where it has changed since it was looked at.</returns>
    internal string? ReadText()
    {
        if (_read() is not { } bytes)
        {
            return null;
        }

        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>What a catalog is read from: its own text, and the files that it includes.</summary>
/// <param name="Name">The catalog's own file, as problems name it.</param>
/// <param name="Folder">What relative paths are relative to, wherever they stand; absolute.</param>
public sealed record CatalogSource(string Text, string Name, string Folder)
{
    /// <summary>In the order in which they are read.</summary>
    public IReadOnlyList<CatalogFile> Included { get; init; } = [];

    /// <summary>What stood in the way of reading the included files.</summary>
    public IReadOnlyList<CatalogProblem> Troubles { get; init; } = [];

    /// <summary>As problems name an included file: beside the catalog's own.</summary>
    public static string NameOf(string catalog, string file) => catalog[..(catalog.LastIndexOfAny(['/', '\\']) + 1)] + file;
}

/// <summary>A pattern of files that a catalog includes.</summary>
/// <param name="Text">Relative to the catalog's folder, with forward slashes. Never leads out of it.</param>
/// <param name="Optional">Whether it may match nothing.</param>
/// <param name="Line">1-based, in the catalog's own file.</param>
/// <param name="Column">1-based.</param>
public sealed record IncludePattern(string Text, bool Optional, int Line, int Column);

/// <summary>A file of the catalog in force.</summary>
/// <param name="Name">As problems name it.</param>
/// <param name="Hash">SHA-256 (hex).</param>
public sealed record CatalogFileInForce(string Name, string Hash, IReadOnlyList<Policy> Policies);
