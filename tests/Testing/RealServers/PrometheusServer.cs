using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.RealServers;

/// <summary>A real Prometheus (Debian's package) in a folder of its own: scrapes one address, and answers queries.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task<string> _said;

    private PrometheusServer(DirectoryInfo folder, Process process, int port)
    {
        (_folder, _process) = (folder, process);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _said = process.StandardError.ReadToEndAsync();
    }

    /// <param name="target">Host and port of what is scraped, once a second.</param>
    /// <param name="token">What it is scraped with.</param>
    /// <param name="rules">A file of rules that it evaluates; null for none.</param>
    public static async Task<PrometheusServer> StartAsync(string target, string token, string? rules)
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-prometheus-");
        var tokenFile = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(tokenFile, token);
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [{{rules}}]
            scrape_configs:
              - job_name: rotunda
                authorization: { credentials_file: {{tokenFile}} }
                static_configs: [{ targets: ["{{target}}"] }]
            """);
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        return new PrometheusServer(folder, process, port);
    }

    /// <summary>Runs promtool to its end.</summary>
    public static async Task<(int ExitCode, string Output)> ToolAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(ServerProcess.Patience);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The result of a query now; empty if there is none.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refuses the query.</exception>
    /// <exception cref="HttpRequestException">It is not up yet.</exception>
    public async Task<JsonArray> QueryAsync(string query)
    {
        using var answer = await _client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("It listens, and is not ready yet.", null, answer.StatusCode);
        }

        return answer.StatusCode == HttpStatusCode.OK
            ? JsonNode.Parse(text)!["data"]!["result"]!.AsArray()
            : throw new InvalidOperationException($"{query}: {text}");
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    /// <summary>Looks until the condition holds; a server that is not up yet counts as "not yet".</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < 2 * ServerProcess.Patience)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // It is starting.
            }

            await Task.Delay(Look, TimeProvider.System);
        }

        throw new TimeoutException($"Waited in vain until {what()}. {(_process.HasExited ? await _said : "")}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
