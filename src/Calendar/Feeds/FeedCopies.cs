using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Files;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Feeds;

/// <summary>The last good text of a feed.</summary>
internal sealed record FeedCopy(DateTimeOffset ReadAt, string Text);

/// <summary>The last good copies of feeds, in files beside the ledger: a restart does not lose them.</summary>
/// <param name="dataDirectory">Null for a head without a disk of its own: then they live as long as the process.</param>
internal sealed class FeedCopies(string? dataDirectory)
{
    private readonly string? _folder = dataDirectory is null ? null : Path.Combine(dataDirectory, "feeds");

    /// <returns>Null if there is none, or none that can be read.</returns>
    public FeedCopy? Read(FreezeFeed feed)
    {
        try
        {
            return _folder is null || !File.Exists(PathOf(feed))
                ? null
                : JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(feed)), FeedJson.Default.FeedCopy);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A copy that cannot be written is none: it is read again after a restart.</summary>
    public void Write(FreezeFeed feed, FeedCopy copy)
    {
        try
        {
            if (_folder is not null)
            {
                PrivateFile.MakeFolder(_folder);
                PrivateFile.Replace(PathOf(feed), JsonSerializer.SerializeToUtf8Bytes(copy, FeedJson.Default.FeedCopy));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The disk is looked at by the doctor.
        }
    }

    private string PathOf(FreezeFeed feed) => Path.Combine(
        _folder!,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{feed.Source}\n{feed.Authorization}")))[..16] + ".json");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FeedCopy))]
internal sealed partial class FeedJson : JsonSerializerContext;
