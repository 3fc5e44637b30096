using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rotunda.Testing.RealServers;

/// <summary>What a server process is started with.</summary>
/// <param name="Environment">Set besides the test's own; null takes a variable away.</param>
public sealed record ServerSettings(
    string Data,
    string Catalog,
    string Sweep = "1s",
    IReadOnlyDictionary<string, string?>? Environment = null)
{
    /// <summary>Where it listens. The first one has to be plain HTTP of this machine.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>More of the command line.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}

/// <summary>
/// The real server as its own process, built beside the tests: started, asked, killed as by a power cut, started again. Keeps
/// everything it ever wrote, over all starts.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private readonly StringBuilder _output = new();
    private Process _process;
    private TaskCompletionSource<string> _ready = new();

    private ServerProcess(ServerSettings settings)
    {
        Settings = settings;
        _process = Launch();
    }

    /// <summary>The server as it is released.</summary>
    public static string Dll { get; } = Built("src/Server");

    /// <summary>The server that has the crash hook; taken where the environment sets the hook.</summary>
    public static string CrashDll => Built("tests/CrashServer");

    public ServerSettings Settings { get; private set; }

    /// <summary>Where it listens; a free port, another one after each start.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Standard output and error of all starts, in the order they came.</summary>
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

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The first (admin) token, which the server leaves in its data directory.</summary>
    public string AdminToken => File.ReadAllText(Path.Combine(Settings.Data, "cli-token")).Trim();

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has its output.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSettings settings)
    {
        var server = new ServerProcess(settings);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that may end before it is ready (a bad start, a crash point).</summary>
    public static ServerProcess Launch(ServerSettings settings) => new(settings);

    /// <summary>Runs a command of the command line to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Process.Start(Info(arguments, environment))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Waits until /readyz says so.</summary>
    /// <exception cref="InvalidOperationException">The process ended instead.</exception>
    public async Task WaitUntilReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, ended).WaitAsync(Patience) == ended)
        {
            throw new InvalidOperationException($"The server ended with code {_process.ExitCode} before it was ready:\n{Output}");
        }

        Url = await _ready.Task;
        using var client = new HttpClient { BaseAddress = new Uri(Url) };
        await UntilAsync(async () => (await client.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK, "the server is ready");
    }

    /// <summary>A client with a token (the admin's if none is given).</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AdminToken);
        return client;
    }

    /// <summary>Looks until the condition holds; requests that fail count as "not yet".</summary>
    /// <exception cref="TimeoutException">It never did; the message has the server's output.</exception>
    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < Patience)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is starting, or was killed.
            }

            await Task.Delay(Look, TimeProvider.System);
        }

        throw new TimeoutException($"Waited in vain until {what}. The server wrote:\n{Output}");
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is closed.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it. Returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await WaitForExitAsync();
    }

    /// <param name="signal">Such as HUP.</param>
    public async Task SignalAsync(string signal)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same data and waits until it is ready.</summary>
    public async Task RestartAsync(ServerSettings? settings = null)
    {
        Relaunch(settings);
        await WaitUntilReadyAsync();
    }

    /// <summary>As <see cref="RestartAsync"/>, without waiting: it may crash again.</summary>
    public void Relaunch(ServerSettings? settings = null)
    {
        Settings = settings ?? Settings;
        _process.Dispose();
        _ready = new TaskCompletionSource<string>();
        _process = Launch();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private Process Launch()
    {
        var ready = _ready;
        var process = new Process
        {
            StartInfo = Info(
                [
                    "serve", "--data", Settings.Data, "--catalog", Settings.Catalog, "--urls", Settings.Urls, "--sweep",
                    Settings.Sweep, .. Settings.Options,
                ],
                Settings.Environment),
        };
        process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Take(line.Data, ready);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Take(string? line, TaskCompletionSource<string> ready)
    {
        const string Mark = "Rotunda is ready: ";
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.StartsWith(Mark, StringComparison.Ordinal))
        {
            ready.TrySetResult(line[Mark.Length..].Split(' ')[0]);
        }
    }

    private static ProcessStartInfo Info(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var crashing = environment?.Keys.Any(name => name.StartsWith("ROTUNDA_CRASH_", StringComparison.Ordinal)) == true;
        // Tests that are to outlive a terminal (nohup) ignore a hang-up, and so would the server.
        var info = new ProcessStartInfo("env", ["--default-signal=HUP", "dotnet", crashing ? CrashDll : Dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("ROTUNDA_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        // As ./rotunda does.
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>What the project was built to, in the configuration that the tests were built with.</summary>
    private static string Built(string project)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Rotunda.slnx")))
        {
            root = root.Parent;
        }

        var dll = Path.Combine(
            root?.FullName ?? ".",
            project,
            "bin",
            configuration,
            "net10.0",
            $"Rotunda.{Path.GetFileName(project)}.dll");
        return File.Exists(dll)
            ? dll
            : throw new FileNotFoundException($"The server is not built: {dll}. Run: dotnet build {project} -c {configuration}");
    }
}
