using System.IO.Compression;
using System.Security.Cryptography;

namespace Rotunda.Api.Page;

/// <summary>One file of the page, as it is sent: plain and compressed. A way of compressing is done when it is first asked for.</summary>
internal sealed class PageFile
{
    private readonly Lazy<byte[]?> _brotli;
    private readonly Lazy<byte[]?> _gzip;

    public PageFile(string name, byte[] content)
    {
        ContentType = TypeOf(Path.GetExtension(name));
        Content = content;
        // Weak: the compressed forms have the same tag.
        Tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        _brotli = new(() => Smaller(into => new BrotliStream(into, CompressionLevel.SmallestSize, leaveOpen: true)));
        _gzip = new(() => Smaller(into => new GZipStream(into, CompressionLevel.SmallestSize, leaveOpen: true)));
    }

    public string ContentType { get; }

    public byte[] Content { get; }

    public string Tag { get; }

    /// <summary>The smallest form that the client takes, and the name of its encoding; null for none.</summary>
    /// <param name="accepted">The header Accept-Encoding.</param>
    public (byte[] Bytes, string? Encoding) For(string accepted) =>
        Takes(accepted, "br") && _brotli.Value is { } brotli ? (brotli, "br")
        : Takes(accepted, "gzip") && _gzip.Value is { } gzip ? (gzip, "gzip")
        : (Content, null);

    private static bool Takes(string accepted, string encoding) =>
        accepted.Split(',').Select(part => part.Split(';', StringSplitOptions.TrimEntries)).Any(part =>
            string.Equals(part[0], encoding, StringComparison.OrdinalIgnoreCase)
            && !part.Skip(1).Any(weight => weight.Replace(" ", "", StringComparison.Ordinal) is "q=0" or "q=0.0" or "q=0.00" or "q=0.000"));

    /// <summary>Null where it would not be smaller: a font, a picture.</summary>
    private byte[]? Smaller(Func<Stream, Stream> compress)
    {
        using var into = new MemoryStream();
        using (var stream = compress(into))
        {
            stream.Write(Content);
        }

        return into.Length < Content.Length ? into.ToArray() : null;
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };
}
