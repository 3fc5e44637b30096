using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>One instance of the sample service, a process of its own.</summary>
internal sealed class JwtService : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private JwtService(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="reloadEvery">Reads its file again that often, unasked; null: only when told to.</param>
    public static async Task<JwtService> StartAsync(string envFile, TimeSpan? reloadEvery = null)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        List<string> arguments = [Dll(), "--env-file", envFile, "--urls", address.ToString()];
        if (reloadEvery is { } every)
        {
            arguments.AddRange(["--reload-every", $"{every.TotalMilliseconds}"]);
        }

        var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new JwtService(process, address);
        await Until.TrueAsync("the sample service to answer", async () =>
        {
            try
            {
                return (await service._http.GetAsync(new Uri(address, "/healthz"))).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return service;
    }

    /// <summary>The fingerprints of the keys it uses.</summary>
    public async Task<(string? Primary, string? Secondary)> FingerprintsAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>(new Uri(Address, "/fingerprint"));
        return (answer.GetProperty("primary").GetString(), answer.GetProperty("secondary").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Dll()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Rotunda.slnx")))
        {
            root = root.Parent;
        }

        return Path.Combine(root.FullName, "samples", "JwtConsumer", "bin", configuration, "net10.0", "JwtConsumer.dll");
    }
}
