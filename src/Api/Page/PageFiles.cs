using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Api.Page;

/// <summary>
/// The files of the page, which are part of the assembly. HTML names the others as <c>/assets/FILE</c>; that is written as
/// <c>/assets/VERSION/FILE</c>, so that a browser may keep them for ever. Its modules come as one (<see cref="PageBundle"/>).
/// </summary>
internal sealed class PageFiles
{
    /// <summary>Stands before the names of the resources.</summary>
    private const string Prefix = "page/";
    private const string Assets = "\"/assets/";
    private readonly Dictionary<string, PageFile> _files;

    /// <param name="contents">By name, with forward slashes.</param>
    public PageFiles(IReadOnlyDictionary<string, byte[]> contents)
    {
        Version = VersionOf(contents);
        _files = contents.ToDictionary(
            file => file.Key,
            file => new PageFile(file.Key, file.Key.EndsWith(".html", StringComparison.Ordinal) ? Named(file.Value) : file.Value),
            StringComparer.Ordinal);
    }

    /// <summary>Those that the assembly has.</summary>
    public static PageFiles Own { get; } = Read();

    /// <summary>Changes with any of the files.</summary>
    public string Version { get; }

    public PageFile Index => _files["index.html"];

    /// <summary>Null if there is none of that name.</summary>
    public PageFile? Find(string name) => _files.GetValueOrDefault(name);

    private byte[] Named(byte[] html) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(html).Replace(Assets, $"{Assets}{Version}/", StringComparison.Ordinal));

    private static string VersionOf(IReadOnlyDictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in contents.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static PageFiles Read()
    {
        var assembly = typeof(PageFiles).Assembly;
        return new(PageBundle.Of(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return copy.ToArray();
            }, StringComparer.Ordinal)));
    }
}
