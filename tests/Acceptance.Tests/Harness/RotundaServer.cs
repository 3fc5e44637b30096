using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// One Rotunda server as a process of its own on a data directory, which outlives it: start, kill and start again.
/// </summary>
internal sealed class RotundaServer : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly string _catalog;
    private readonly string _sweep;
    private readonly Dictionary<string, string> _environment;
    private Process? _process;
    private RotundaApi? _api;

    public RotundaServer(string folder, string catalog, string sweep = "1h", Dictionary<string, string>? environment = null)
    {
        Folder = folder;
        Data = Path.Combine(folder, "data");
        _catalog = catalog;
        _sweep = sweep;
        _environment = environment ?? [];
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
    }

    public string Folder { get; }

    public string Data { get; }

    public Uri Address { get; }

    /// <summary>As the first admin of the data directory.</summary>
    public RotundaApi Api => _api ??= new RotundaApi(Address, File.ReadAllText(Path.Combine(Data, "cli-token")).Trim());

    /// <summary>All that every process of this server has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process?.HasExited ?? true;

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async Task StartAsync()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "Rotunda.Server.dll");
        var start = new ProcessStartInfo("dotnet", [dll, "serve", "--data", Data, "--catalog", _catalog, "--urls", Address.ToString(), "--sweep", _sweep])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        // Thousands of starts: compile quickly, and leave the cores to the servers beside this one.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        await Until.TrueAsync("the server to be ready", async () =>
        {
            Assert.False(HasExited, "The server has ended:\n" + Output);
            try
            {
                using var response = await http.GetAsync(new Uri(Address, "/readyz"));
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
        }

        await ExitAsync();
    }

    /// <summary>Waits until the process is gone.</summary>
    public async Task ExitAsync()
    {
        if (_process is { } process)
        {
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _api?.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
