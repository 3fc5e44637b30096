namespace Rotunda.Activities.Tests;

/// <summary>A folder that goes when the test ends.</summary>
public sealed class TempFolder : IDisposable
{
    // In memory where there is such a folder: the tests commit thousands of times.
    public TempFolder() => Path = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/rotunda-test-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("rotunda-test-").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
