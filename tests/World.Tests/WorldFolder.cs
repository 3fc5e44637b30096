using Rotunda.Files;
using Rotunda.Ledger;

namespace Rotunda.World.Tests;

/// <summary>Where a head keeps its files: in memory where the machine has such a place, as nothing here is to outlive the test.</summary>
internal sealed class WorldFolder : IDisposable
{
    private const string InMemory = "/dev/shm";
    private readonly string _root =
        System.IO.Path.Combine(Directory.Exists(InMemory) ? InMemory : System.IO.Path.GetTempPath(), $"rotunda-world-{Guid.NewGuid():N}");

    private int _heads;

    public WorldFolder() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_root, $"head-{_heads}");

    /// <summary>To a new folder: the ledger by export and import, the store's files as they are. No process has them open.</summary>
    public void Move(TimeProvider time)
    {
        var (from, file) = (Path, System.IO.Path.Combine(_root, "ledger.jsonl"));
        _heads++;
        Directory.CreateDirectory(Path);
        using (var ledger = new SqliteLedger(System.IO.Path.Combine(from, "ledger.db"), time, new CrashPoints()))
        using (var to = new FileStream(file, FileMode.Create))
        {
            ledger.ExportAsync(to, "another head", "alice", CancellationToken.None).GetAwaiter().GetResult();
        }

        using (var ledger = new SqliteLedger(System.IO.Path.Combine(Path, "ledger.db"), time, new CrashPoints()))
        using (var read = File.OpenRead(file))
        {
            ledger.ImportAsync(read, "the head before", "alice", CancellationToken.None).GetAwaiter().GetResult();
        }

        foreach (var name in Directory.GetFiles(from).Select(one => System.IO.Path.GetFileName(one)!))
        {
            if (!name.StartsWith("ledger", StringComparison.Ordinal))
            {
                File.Copy(System.IO.Path.Combine(from, name), System.IO.Path.Combine(Path, name));
            }
        }

        Directory.Delete(from, recursive: true);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
