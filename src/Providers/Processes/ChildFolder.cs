using System.Globalization;
using Rotunda.Files;

namespace Rotunda.Providers.Processes;

/// <summary>
/// The temporary folder of one program that Rotunda starts, its owner's alone, taken away when the program is done with. What a killed
/// Rotunda left is taken away by the next one.
/// </summary>
internal sealed class ChildFolder : IDisposable
{
    private const string Name = "rotunda-child-";

    private ChildFolder(string path) => Path = path;

    public string Path { get; }

    public static ChildFolder Make()
    {
        var all = System.IO.Path.GetTempPath();
        SweepOnce.Of(all);
        var path = System.IO.Path.Combine(
            all,
            string.Create(CultureInfo.InvariantCulture, $"{Name}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        PrivateFile.MakeFolder(path);
        return new ChildFolder(path);
    }

    public void Dispose() => Remove(Path);

    /// <summary>Those of processes that are gone.</summary>
    internal static void Sweep(string all)
    {
        foreach (var folder in Directory.EnumerateDirectories(all, Name + "*"))
        {
            var id = System.IO.Path.GetFileName(folder)[Name.Length..].Split('-')[0];
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process))
            {
                Remove(folder);
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Another user's, or a child is still writing there; the next start tries again.
        }
    }

    private static class SweepOnce
    {
        private static readonly Lock Gate = new();
        private static bool _done;

        public static void Of(string all)
        {
            lock (Gate)
            {
                if (!_done)
                {
                    _done = true;
                    Sweep(all);
                }
            }
        }
    }
}
