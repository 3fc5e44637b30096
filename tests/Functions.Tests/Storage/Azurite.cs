using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// Azurite in memory, on ports that the system chose: one process for all tests of this assembly. <c>./test</c> installs it and says
/// where it is; a run without <c>./test</c> looks where <c>./test</c> puts it.
/// </summary>
internal sealed partial class Azurite : IDisposable
{
    /// <summary>Set by <c>./test</c>: the program itself.</summary>
    public const string Variable = "ROTUNDA_AZURITE";

    /// <summary>The version that <c>./test</c> installs.</summary>
    public const string Version = "3.37.0";

    private const string Account = "devstoreaccount1";

    /// <summary>Microsoft's published key of the emulator's account.</summary>
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Services = ["Blob", "Queue", "Table"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly Lazy<Task<Azurite>> One = new(StartAsync);

    private readonly Process _process;

    private Azurite(Process process, string connectionString) => (_process, ConnectionString) = (process, connectionString);

    public string ConnectionString { get; }

    /// <summary>The one of this assembly. Its first caller starts it; it ends with the tests.</summary>
    public static Task<Azurite> SharedAsync() => One.Value;

    /// <summary>Where <c>./test</c> puts it, unless the environment says otherwise.</summary>
    public static string Program =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set
        : Path.Combine(Cache, "rotunda", $"azurite-{Version}", "node_modules", ".bin", "azurite");

    private static string Cache =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task<Azurite> StartAsync()
    {
        if (!File.Exists(Program))
        {
            var folder = Path.GetFullPath(Path.Combine(Program, "..", "..", ".."));
            throw new FileNotFoundException(
                $"Azurite is not at {Program}. Run ./test once, or: npm install --prefix {folder} azurite@{Version}");
        }

        string[] ports = [.. Services.SelectMany(service => new[] { $"--{service.ToLowerInvariant()}Port", "0" })];
        string[] settings = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
        var start = new ProcessStartInfo(Program, [.. settings, .. ports])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill(entireProcessTree: true);
        return new Azurite(process, await ReadAddressesAsync(process));
    }

    /// <summary>It prints one line a service once it listens; the rest of what it prints is drained.</summary>
    private static async Task<string> ReadAddressesAsync(Process process)
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var said = new StringBuilder();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.AppendLine(line.Data);
                if (Listening().Match(line.Data ?? "") is { Success: true } match)
                {
                    addresses[match.Groups["service"].Value] = match.Groups["address"].Value;
                }

                if (addresses.Count == Services.Length)
                {
                    complete.TrySetResult();
                }
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(complete.Task, process.WaitForExitAsync(), Task.Delay(Limit)) != complete.Task)
        {
            lock (said)
            {
                throw new InvalidOperationException($"Azurite did not start: {said}");
            }
        }

        var endpoints = Services.Select(service => $"{service}Endpoint={addresses[service]}/{Account}");
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};{string.Join(';', endpoints)};";
    }

    [GeneratedRegex(
        "Azurite (?<service>Blob|Queue|Table) service is successfully listening at (?<address>http://[0-9.:]+)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
