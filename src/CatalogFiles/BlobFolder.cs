using System.IO.Compression;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>The blobs beside a catalog's own, which it includes. Each is read again only when its ETag has changed.</summary>
internal sealed class BlobFolder
{
    private readonly BlobContainerClient _container;
    private readonly string _own;
    private readonly string _prefix;

    /// <summary>What was read last, by name: packed, since it is there for the next change only.</summary>
    private Dictionary<string, (string Stamp, byte[] Packed)> _read = new(StringComparer.Ordinal);

    /// <param name="catalog">The address of the catalog's own blob.</param>
    public BlobFolder(Uri catalog, TokenCredential credential, BlobClientOptions options)
    {
        var address = new BlobUriBuilder(catalog);
        _own = address.BlobName;
        _prefix = _own[..(_own.LastIndexOf('/') + 1)];
        address.BlobName = "";
        _container = new BlobContainerClient(address.ToUri(), credential, options);
    }

    /// <param name="catalog">The catalog's own blob, as problems name it.</param>
    public async Task<IncludedFiles> FindAsync(string catalog, IReadOnlyList<IncludePattern> patterns, CancellationToken cancellationToken)
    {
        var all = new IncludedFiles(catalog);
        foreach (var pattern in patterns)
        {
            var found = new List<IncludedFile>();
            var segments = pattern.Text.Split('/');
            // As far as it is written out, the store looks for it.
            var plain = pattern.Text[..(pattern.Text + "*").AsSpan().IndexOfAny('*', '?')];
            await foreach (var blob in _container.GetBlobsAsync(
                BlobTraits.None, BlobStates.None, _prefix + plain, cancellationToken).ConfigureAwait(false))
            {
                var name = blob.Name[_prefix.Length..];
                if (blob.Name != _own && Fits(segments, name.Split('/')))
                {
                    found.Add(new IncludedFile(
                        name,
                        blob.Properties.ETag?.ToString("H") ?? "",
                        blob.Properties.LastModified ?? default,
                        blob.Properties.ContentLength ?? 0));
                }

                if (found.Count > IncludedFiles.MostFiles)
                {
                    break;
                }
            }

            all.Add(pattern, found);
        }

        return all;
    }

    /// <returns>Null if one of them has changed or is gone meanwhile, so that they have to be looked for again.</returns>
    public async Task<IReadOnlyList<CatalogFile>?> ReadAsync(IncludedFiles files, CancellationToken cancellationToken)
    {
        var (all, read) = (new List<CatalogFile>(files.All.Count), new Dictionary<string, (string, byte[])>(StringComparer.Ordinal));
        foreach (var file in files.All)
        {
            try
            {
                var packed = _read.TryGetValue(file.Name, out var known) && known.Stamp == file.Stamp
                    ? known.Packed
                    : Pack(await DownloadAsync(file, cancellationToken));
                read[file.Name] = (file.Stamp, packed);
                all.Add(new CatalogFile(file.Name, Unpack(packed)));
            }
            catch (RequestFailedException problem) when (problem.Status is 404 or 412)
            {
                return null;
            }
        }

        _read = read;
        return all;
    }

    private async Task<byte[]> DownloadAsync(IncludedFile file, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.Stamp) } };
        var blob = await _container.GetBlobClient(_prefix + file.Name).DownloadContentAsync(options, cancellationToken);
        return blob.Value.Content.ToArray();
    }

    /// <summary>Whether the parts of a name fit those of a pattern.</summary>
    internal static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> name)
    {
        if (pattern.IsEmpty || name.IsEmpty)
        {
            return pattern.IsEmpty && name.IsEmpty;
        }

        if (pattern[0] == "**")
        {
            return Fits(pattern[1..], name) || (name[0].Length > 0 && name[0][0] != '.' && Fits(pattern, name[1..]));
        }

        return name[0].Length > 0 && FolderSearch.Fits(pattern[0], name[0]) && Fits(pattern[1..], name[1..]);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var pack = new DeflateStream(packed, CompressionLevel.Fastest))
        {
            pack.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var bytes = new MemoryStream();
        using var unpack = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        unpack.CopyTo(bytes);
        return bytes.ToArray();
    }
}
