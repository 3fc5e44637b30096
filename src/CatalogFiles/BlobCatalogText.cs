using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>A catalog in a blob, read with the head's own identity (role Storage Blob Data Reader).</summary>
/// <param name="address">Without a query: a signature in it would be a secret in a setting.</param>
/// <param name="folder">What relative paths in the catalog are relative to; a blob has no folder of its own.</param>
/// <param name="http">Follows no redirect: its requests carry a token.</param>
public sealed class BlobCatalogText(Uri address, string folder, TokenCredential credential, HttpClient http) : ICatalogText
{
    private const int Largest = IncludedFiles.LargestFile;
    private const int MostTries = 3;

    private readonly BlobClient _blob = new(address, credential, Options(http));
    private readonly BlobFolder _folder = new(address, credential, Options(http));

    /// <summary>What was read last: the included blobs are looked at without it being read again.</summary>
    private (CatalogText Text, DateTimeOffset At, IReadOnlyList<IncludePattern> Patterns)? _last;

    public string Name => address.ToString();

    public string Folder => folder;

    /// <summary>True if a setting names a blob and not a file.</summary>
    public static bool IsBlob(string setting) => setting.Contains("://", StringComparison.Ordinal);

    public async Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken)
    {
        try
        {
            for (var tries = 1; ; tries++)
            {
                var includes = _last is { Patterns.Count: > 0 };
                var known = seen is null ? null : includes ? _last!.Value.Text.Seen : seen;
                if (await DownloadAsync(known, cancellationToken) is { } read)
                {
                    _last = (read.Text, read.At, CatalogReader.Includes(read.Text.Text));
                }
                else if (!includes)
                {
                    return null;
                }

                if (_last is not { Patterns: [.., var last] patterns, Text: var text, At: var written })
                {
                    return _last!.Value.Text;
                }

                var files = await _folder.FindAsync(Name, patterns, cancellationToken);
                files.Bound(last);
                var stamp = $"{text.Seen} {files.Stamp}";
                if (stamp == seen)
                {
                    return null;
                }

                if (await _folder.ReadAsync(files, cancellationToken) is { } included
                    && await IsStillAsync(text, stamp, patterns, last, cancellationToken))
                {
                    return text with
                    {
                        Seen = stamp, Id = files.VersionOf(written), Included = included, Troubles = files.Troubles,
                    };
                }

                if (tries == MostTries)
                {
                    throw new CatalogUnreadableException(
                        "its blobs change while they are read. Wait for the upload to end: they are looked at again soon.");
                }
            }
        }
        catch (RequestFailedException problem) when (problem.Status != 0)
        {
            // Its own message quotes the answer.
            throw new CatalogUnreadableException(Explain(problem.Status));
        }
        catch (Exception problem) when (problem is RequestFailedException or HttpRequestException or IOException
            or AuthenticationFailedException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CatalogUnreadableException(
                $"it cannot be read now ({problem.GetType().Name}: {problem.Message}). Check the "
                    + "setting, and that the head's network reaches the storage account.",
                problem);
        }
    }

    /// <summary>Each blob is read whole, but not all of them at one moment.</summary>
    private async Task<bool> IsStillAsync(
        CatalogText text, string stamp, IReadOnlyList<IncludePattern> patterns, IncludePattern last, CancellationToken cancellationToken)
    {
        var files = await _folder.FindAsync(Name, patterns, cancellationToken);
        files.Bound(last);
        return stamp == $"{text.Seen} {files.Stamp}" && await DownloadAsync(text.Seen, cancellationToken) is null;
    }

    /// <returns>Null if it is still the one that was seen.</returns>
    private async Task<(CatalogText Text, DateTimeOffset At)?> DownloadAsync(string? seen, CancellationToken cancellationToken)
    {
        var options =
            new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = seen is null ? null : new ETag(seen) } };
        var response = await _blob.DownloadStreamingAsync(options, cancellationToken);
        if (response.GetRawResponse().Status == 304)
        {
            return null;
        }

        using var download = response.Value;
        return (await TextAsync(download, cancellationToken), download.Details.LastModified);
    }

    private static string Explain(int status) => status switch
    {
        404 => "there is no such blob. Upload the catalog, or correct the setting.",
        403 =>
            "the head's identity may not read it. Give it the role Storage Blob Data Reader on the container, and see that the account's "
                + "network rules let it in.",
        401 => "the storage account does not take the head's token. See that the account is in the identity's tenant.",
        _ => $"the storage account answered {status}. Check the setting.",
    };

    /// <summary>One request a look: the catalog is looked at again soon anyway, and what is wrong shall be told at once.</summary>
    private static BlobClientOptions Options(HttpClient http) =>
        new(BlobClientOptions.ServiceVersion.V2021_12_02) { Transport = new HttpClientTransport(http), Retry = { MaxRetries = 0 } };

    private static async Task<CatalogText> TextAsync(BlobDownloadStreamingResult download, CancellationToken cancellationToken)
    {
        // The ETag decides what has changed; what a blob's version is called by people is its version id, where the account keeps versions.
        var (seen, version) = (download.Details.ETag, download.Details.VersionId);
        if (seen == default)
        {
            throw new CatalogUnreadableException("the answer has no ETag, so it is not from a storage account. Correct the setting.");
        }

        var buffer = new byte[Largest + 1];
        var length = await download.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > Largest
            ? throw new CatalogUnreadableException(
                $"it is larger than {Largest / 1024 / 1024} MiB, so it is hardly a catalog. Correct the setting.")
            : new CatalogText(Decode(buffer, length), seen.ToString("H"), version);
    }

    /// <summary>UTF-8, unless a mark at its beginning says otherwise: as a file is read.</summary>
    private static string Decode(byte[] bytes, int length)
    {
        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
