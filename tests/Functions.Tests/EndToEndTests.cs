using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Api.Access;
using Rotunda.Api.Head;

namespace Rotunda.Functions.Tests;

/// <summary>The real Functions host (Core Tools) over Azurite: a rotation with an approval, by HTTP. Skipped, with a line, where they are not at hand.</summary>
public sealed partial class EndToEndTests
{
    private const int Port = 7073;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_rotation_with_an_approval_runs_on_the_real_host()
    {
        Assert.SkipUnless(IsOnPath("func") && IsOnPath("azurite"), "Functions head, end to end with Azurite: not run, Core Tools (func) or azurite is not on the PATH");
        var folder = Directory.CreateTempSubdirectory("rotunda-functions-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "catalog.yaml"), Catalog);
        using var storage = new Program("azurite", folder.FullName, ["--skipApiVersionCheck", "--location", folder.FullName], []);
        using var head = new Program("func", Output(), ["start", "--port", $"{Port}"], Settings(folder.FullName));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            // She may do everything, approve included: what is refused below is refused because she asked.
            using var ada = Client("ada", "admin");
            using var bob = Client("bob", "approver");
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
            TestContext.Current.SendDiagnosticMessage($"Functions head, end to end: {requests} requests at Azurite from the start of the rotation to its end, polling included.");
            Assert.True(requests > 0, "Azurite's log has no request in it.");
            Assert.Contains("KEY=", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "app.env"), limit.Token), StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is not Xunit.Sdk.SkipException)
        {
            throw new InvalidOperationException($"{problem.Message}{Environment.NewLine}The host said:{Environment.NewLine}{head.Said}{Environment.NewLine}Azurite said:{Environment.NewLine}{storage.Said}", problem);
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

    private static Dictionary<string, string> Settings(string folder) => new(StringComparer.Ordinal)
    {
        [HeadSettings.HostStorage] = "UseDevelopmentStorage=true",
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

    private static HttpClient Client(string name, string role)
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
        var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{Port}") };
        client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString())));
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

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".cmd")));

    /// <summary>The head's own build output, of the same configuration as these tests.</summary>
    private static string Output() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "Functions", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0"));

    /// <summary>A line of Azurite's access log: one request at blobs, queues or tables.</summary>
    [GeneratedRegex("\"(GET|PUT|POST|DELETE|MERGE|PATCH|HEAD) /devstoreaccount1", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StorageRequest();

    /// <summary>A process, and what it has written.</summary>
    private sealed class Program : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = new();

        public Program(string name, string folder, IReadOnlyList<string> arguments, Dictionary<string, string> settings)
        {
            var start = new ProcessStartInfo(name, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
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
