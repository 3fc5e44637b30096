using System.Diagnostics;
using System.Globalization;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Orchestration;

namespace Rotunda.Bench.Engine;

/// <summary>"--name value" pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            parsed._values[args[i].TrimStart('-')] = args[i + 1];
        }

        return parsed;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}

/// <summary>A folder for the hubs of one run, on the disk under the working directory unless told otherwise (/tmp may be memory).</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo _folder;

    public BenchFolder(string? parent) =>
        _folder = Directory.CreateDirectory(Path.Combine(parent ?? Environment.CurrentDirectory, $"bench-{Environment.ProcessId}"));

    public string HubPath => Path.Combine(_folder.FullName, "hub.db");

    public long HubBytes => new FileInfo(HubPath).Length;

    /// <summary>The disk's own limit: write and fsync of a small append.</summary>
    public double FsyncPerSecond()
    {
        using var file =
            new FileStream(Path.Combine(_folder.FullName, "fsync"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        var watch = Stopwatch.StartNew();
        var count = 0;
        for (; watch.ElapsedMilliseconds < 1000; count++)
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
        }

        return Math.Round(count / watch.Elapsed.TotalSeconds);
    }

    public Task<DurableEngine> StartAsync(TaskRegistry registry, Func<EngineOptions, EngineOptions>? configure = null) =>
        StartAsync(HubPath, registry, configure);

    public static async Task<DurableEngine> StartAsync(
        string hubPath,
        TaskRegistry registry,
        Func<EngineOptions, EngineOptions>? configure = null)
    {
        var options = new EngineOptions { HubPath = hubPath };
        var engine = new DurableEngine(configure?.Invoke(options) ?? options, registry, new PayloadSerializer());
        await engine.StartAsync();
        return engine;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
