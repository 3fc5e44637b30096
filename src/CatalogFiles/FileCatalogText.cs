using System.Buffers;
using System.Globalization;
using Rotunda.Files;
using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>A catalog in a file, with those that it includes: beside the program, on a disk, or on a mounted share.</summary>
public sealed class FileCatalogText(string path) : ICatalogText
{
    /// <summary>So often files that change while they are read are read again at once.</summary>
    private const int MostTries = 3;

    private readonly string _full = Path.GetFullPath(path);

    /// <summary>What the text of that time includes: it need not be read to look whether those files have changed.</summary>
    private (string Own, IReadOnlyList<IncludePattern> Patterns)? _known;

    /// <summary>Of what was read last, by name.</summary>
    private Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>1 once a file that was thought to be known turned out to be another.</summary>
    private int _hasChanged;

    public string Name => path;

    public string Folder => Path.GetDirectoryName(_full)!;

    public async Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Exchange(ref _hasChanged, 0) == 1)
            {
                (seen, _hashes) = (null, new Dictionary<string, string>(StringComparer.Ordinal));
            }

            for (var tries = 1; ; tries++)
            {
                var (written, version, own) = Look();
                if (own == seen)
                {
                    // Nothing is included: this would be seen with what it is.
                    return null;
                }

                string? text = null;
                if (seen is null || _known?.Own != own)
                {
                    text = await File.ReadAllTextAsync(_full, cancellationToken);
                    _known = (own, CatalogReader.Includes(text));
                }

                if (_known is not { Patterns: [.., var last] patterns })
                {
                    return new CatalogText(text ?? await File.ReadAllTextAsync(_full, cancellationToken), own, version);
                }

                var files = Find(patterns, last);
                var stamp = $"{own} {files.Stamp}";
                if (stamp == seen)
                {
                    return null;
                }

                text ??= await File.ReadAllTextAsync(_full, cancellationToken);
                var included = await ReadAsync(files, cancellationToken);
                if (included is not null && $"{Look().Own} {Find(patterns, last).Stamp}" == stamp)
                {
                    // What could not be read is looked at again next time, whatever was seen.
                    return new CatalogText(text, files.AreRead ? stamp : "", files.VersionOf(written))
                    {
                        Included = included, Troubles = files.Troubles,
                    };
                }

                if (tries == MostTries)
                {
                    throw new CatalogUnreadableException(
                        "its files change while they are read. Wait until all are written: they are looked at again soon.");
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CatalogUnreadableException(
                Directory.Exists(_full) ? "it is a folder. Name the file in it." : problem.Message,
                problem);
        }
    }

    /// <summary>Of the file itself where the path is a link, as mounted configuration is: its own time would never change. Time alone
    /// does not tell: some systems give every file the same.</summary>
    private (DateTimeOffset Written, string Version, string Own) Look()
    {
        var real = RealPath.Of(_full);
        var file = new FileInfo(real);
        var version = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc:yyyy-MM-ddTHH:mm:ss.fffffffZ}");
        var length = file.Exists ? file.Length : -1;
        return (
            new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
            version,
            string.Create(CultureInfo.InvariantCulture, $"{version} {length} {real}"));
    }

    private IncludedFiles Find(IReadOnlyList<IncludePattern> patterns, IncludePattern last)
    {
        var files = new IncludedFiles(Name);
        var search = new FolderSearch(Folder, _full);
        foreach (var pattern in patterns)
        {
            search.Find(pattern, files);
        }

        files.Bound(last);
        return files;
    }

    /// <returns>Null if one of them is gone meanwhile, so that they have to be looked for again.</returns>
    private async Task<IReadOnlyList<CatalogFile>?> ReadAsync(IncludedFiles files, CancellationToken cancellationToken)
    {
        var (all, hashes) = (new List<CatalogFile>(files.All.Count), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var file in files.All)
        {
            try
            {
                var read = await ReadAsync(file, cancellationToken);
                hashes[file.Name] = read.Hash;
                all.Add(read);
            }
            catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                files.TellFile(file, $"cannot be read: {problem.Message}");
            }
        }

        _hashes = hashes;
        return all;
    }

    /// <summary>Every file is read to tell what has changed, but only what has is held: together they may be many megabytes.</summary>
    private async Task<CatalogFile> ReadAsync(IncludedFile file, CancellationToken cancellationToken)
    {
        var full = Path.Combine(Folder, file.Name);
        await using var stream = File.OpenRead(full);
        var length = checked((int)Math.Min(stream.Length, IncludedFiles.LargestFile));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = buffer.AsMemory(0, await stream.ReadAtLeastAsync(buffer.AsMemory(0, length), length, false, cancellationToken));
            var hash = CatalogFile.HashOf(bytes.Span);
            return _hashes.GetValueOrDefault(file.Name) == hash
                ? new CatalogFile(file.Name, hash, () => ReadAgain(full, hash))
                : new CatalogFile(file.Name, bytes.ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Null where it is not what it was: then the next look reads all anew.</returns>
    private byte[]? ReadAgain(string full, string hash)
    {
        try
        {
            var bytes = File.ReadAllBytes(full);
            if (CatalogFile.HashOf(bytes) == hash)
            {
                return bytes;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Gone, or shut meanwhile: changed, in either case.
        }

        Interlocked.Exchange(ref _hasChanged, 1);
        return null;
    }
}
