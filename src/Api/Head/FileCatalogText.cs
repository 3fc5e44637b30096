using System.Globalization;

namespace Rotunda.Api.Head;

/// <summary>A catalog in a file: beside the program, on a disk, or on a mounted share.</summary>
public sealed class FileCatalogText(string path) : ICatalogText
{
    private readonly string _full = Path.GetFullPath(path);

    public string Name => path;

    public string Folder => Path.GetDirectoryName(_full)!;

    public async Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(_full);
            var version = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc:yyyy-MM-ddTHH:mm:ss.fffffffZ}");
            return version == seen ? null : new CatalogText(await File.ReadAllTextAsync(_full, cancellationToken), version);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CatalogUnreadableException(
                Directory.Exists(_full) ? "it is a folder. Name the file in it." : problem.Message,
                problem);
        }
    }
}
