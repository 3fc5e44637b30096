using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Access;
using Rotunda.Api.Head;

namespace Rotunda.Functions.Tests;

/// <summary>
/// The real Functions host (Core Tools) over Azurite: a rotation with an approval, by HTTP. Skipped, with a line, where they are
/// not at hand.
/// </summary>
public sealed partial class EndToEndTests
{
    /// <summary>Where <c>./test</c> says that it has installed Azurite.</summary>
    private const string AzuriteVariable = "ROTUNDA_AZURITE";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_rotation_with_an_approval_runs_on_the_real_host()
    {
        Assert.SkipUnless(IsOnPath("func"), "the Functions host (Core Tools, func) is not on the PATH");
        Assert.SkipUnless(Azurite is not null, $"Azurite is neither on the PATH nor where {AzuriteVariable} says");
        var folder = Directory.CreateTempSubdirectory("rotunda-functions-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "catalog.yaml"), Catalog);
        var (port, blob, queue, table) = (FreePort(), FreePort(), FreePort(), FreePort());
        using var storage = new Program(
            Azurite!, folder.FullName,
            [
                "--skipApiVersionCheck", "--location", folder.FullName, "--blobPort", $"{blob}", "--queuePort", $"{queue}", "--tablePort",
                $"{table}",
            ], []);
        using var head =
            new Program("func", Output(), ["start", "--port", $"{port}"], Settings(folder.FullName, Connection(blob, queue, table)));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            // She may do everything, approve included: what is refused below is refused because she asked.
            using var ada = Client(port, "ada", "admin");
            using var bob = Client(port, "bob", "approver");
            await UntilAsync(async () => (await ada.GetAsync("/readyz", limit.Token)).StatusCode == HttpStatusCode.OK, limit.Token);

            var before = storage.Count(StorageRequest());
            using var started = await ada.PostAsync("/api/rotations", Json("""{"secret":"a-key","reason":"end to end"}"""), limit.Token);
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            await UntilAsync(async () => await StateAsync(ada, limit.Token) == "waiting-for-approval", limit.Token);
            using var own = await ada.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"mine"}"""), limit.Token);
            Assert.Equal((HttpStatusCode.Forbidden, "own-request"), (own.StatusCode, await CodeAsync(own, limit.Token)));
            using var approved = await bob.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"seen"}"""), limit.Token);
            Assert.Equal(HttpStatusCode.Accepted, approved.StatusCode);
            await UntilAsync(async () => await StateAsync(ada, limit.Token) == "succeeded", limit.Token);

            var requests = storage.Count(StorageRequest()) - before;
            TestContext.Current.SendDiagnosticMessage(
                $"Functions head, end to end: {requests} requests at Azurite from the start of the rotation to its end, polling included.");
            Assert.True(requests > 0, "Azurite's log has no request in it.");
            Assert.Contains(
                "KEY=",
                await File.ReadAllTextAsync(Path.Combine(folder.FullName, "app.env"), limit.Token),
                StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is not Xunit.Sdk.SkipException)
        {
            string[] told = [problem.Message, "The host said:", head.Said, "Azurite said:", storage.Said];
            throw new InvalidOperationException(string.Join(Environment.NewLine, told), problem);
        }
        finally
        {
            await head.StopAsync();
            await storage.StopAsync();
            folder.Delete(recursive: true);
        }
    }

    private const string Catalog = """
        version: 1
        secrets:
          a-key:
            strategy: dual-key
            provider: { type: generated }
            interval: 30d
            grace: 0s
            approval: { before: start, timeout: 1d }
            targets:
              app:
                type: dotenv
                path: app.env
                keys: { KEY: "{primary}", OLD: "{secondary}" }
        """;

    private static Dictionary<string, string> Settings(string folder, string storage) => new(StringComparer.Ordinal)
    {
        [HeadSettings.HostStorage] = storage,
        [HeadSettings.WorkerRuntime] = "dotnet-isolated",
        [HeadSettings.TaskHub] = $"e2e{Guid.NewGuid():N}"[..20],
        [HeadSettings.SweepSchedule] = "0 */5 * * * *",
        [HeadSettings.WatchdogSchedule] = "30 */10 * * * *",
        [HeadSettings.NoticeSchedule] = "0 10 * * * *",
        [HeadSettings.ReportSchedule] = "0 0 6 * * *",
        [HeadSettings.Catalog] = Path.Combine(folder, "catalog.yaml"),
        [HeadSettings.DataDirectory] = Path.Combine(folder, "data"),

        // Plays the platform, which sets the client principal itself.
        [HeadSettings.PlatformAuthentication] = "True",
    };

    private static HttpClient Client(int port, string name, string role)
    {
        var principal = new JsonObject
        {
            ["auth_typ"] = "aad",
            ["role_typ"] = "roles",
            ["claims"] = new JsonArray(
                new JsonObject { ["typ"] = "oid", ["val"] = $"id-of-{name}" },
                new JsonObject { ["typ"] = "name", ["val"] = name },
                new JsonObject { ["typ"] = "roles", ["val"] = role }),
        };
        var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        client.DefaultRequestHeaders.Add(
            PlatformCallers.PrincipalHeader,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString())));
        return client;
    }

    private static async Task<string?> StateAsync(HttpClient client, CancellationToken cancellationToken) =>
        (string?)JsonNode.Parse(await client.GetStringAsync("/api/rotations/a-key-1", cancellationToken))!["rotation"]!["state"];

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The host is not listening yet.
            }

            await Task.Delay(Between, cancellationToken);
        }
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!["code"];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string? Azurite =>
        Environment.GetEnvironmentVariable(AzuriteVariable) is { Length: > 0 } program && File.Exists(program) ? program
        : IsOnPath("azurite") ? "azurite" : null;

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".cmd")));

    /// <summary>
    /// With Microsoft's published key of the emulator's account. Ports of its own: beside another Azurite the host would talk to that one.
    /// </summary>
    private static string Connection(int blob, int queue, int table) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"BlobEndpoint=http://127.0.0.1:{blob}/devstoreaccount1;QueueEndpoint=http://127.0.0.1:{queue}/devstoreaccount1;"
        + $"TableEndpoint=http://127.0.0.1:{table}/devstoreaccount1;";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The head's own build output, of the same configuration as these tests.</summary>
    private static string Output() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "..",
        "..",
        "..",
        "src",
        "Functions",
        "bin",
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
        "net10.0"));

    /// <summary>A line of Azurite's access log: one request at blobs, queues or tables.</summary>
    [GeneratedRegex(
        "\"(GET|PUT|POST|DELETE|MERGE|PATCH|HEAD) /devstoreaccount1",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex StorageRequest();

    /// <summary>A process, and what it has written.</summary>
    private sealed class Program : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = new();

        public Program(string name, string folder, IReadOnlyList<string> arguments, Dictionary<string, string> settings)
        {
            var start = new ProcessStartInfo(
                name,
                arguments)
                {
                    WorkingDirectory = folder,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
            foreach (var (key, value) in settings)
            {
                start.Environment[key] = value;
            }

            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
            _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Said => string.Join(Environment.NewLine, _lines);

        public int Count(Regex line) => _lines.Count(l => line.IsMatch(l));

        public async Task StopAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        public void Dispose() => _process.Dispose();
    }
}
