namespace Rotunda.Files;

/// <summary>Where a path really leads.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The absolute path with all symbolic links followed, as far as it exists; the rest stays as it is written.</summary>
    /// <exception cref="IOException">The links run in a circle.</exception>
    public static string Of(string path) => Of(Path.GetFullPath(path), MostLinks);

    /// <summary>True if the path leads to the folder, or to something below it.</summary>
    public static bool IsIn(string path, string folder)
    {
        var relative = Path.GetRelativePath(Of(folder), Of(path));
        return !Path.IsPathRooted(relative)
            && relative != ".."
            && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static string Of(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } above)
        {
            return path;
        }

        var here = Path.Combine(Of(above, links), Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target)
        {
            return here;
        }

        return links > 0
            ? Of(Path.GetFullPath(target, Path.GetDirectoryName(here)!), links - 1)
            : throw new IOException($"The symbolic links at '{path}' run in a circle.");
    }
}
