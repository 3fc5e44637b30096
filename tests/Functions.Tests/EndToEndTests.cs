using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Api.Access;
using Rotunda.Api.Hosting;

namespace Rotunda.Functions.Tests;

/// <summary>The real Functions host (Core Tools) over Azurite: a rotation with an approval, by HTTP. Skipped, with a line, where they are not at hand.</summary>
public sealed class EndToEndTests
{
    private const int Port = 7073;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_rotation_with_an_approval_runs_on_the_real_host()
    {
        Assert.SkipUnless(IsOnPath("func") && IsOnPath("azurite"), "Functions head, end to end: not run, Core Tools (func) or azurite is not on the PATH.");
        var folder = Directory.CreateTempSubdirectory("rotunda-functions-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "catalog.yaml"), Catalog);
        using var storage = Run("azurite", folder.FullName, ["--silent", "--skipApiVersionCheck", "--location", folder.FullName], []);
        using var head = Run("func", Output(), ["start", "--port", $"{Port}"], Settings(folder.FullName));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            using var ada = Client("ada", "operator");
            using var bob = Client("bob", "approver");
            await UntilAsync(async () => (await ada.GetAsync("/readyz", limit.Token)).StatusCode == HttpStatusCode.OK, limit.Token);

            using var started = await ada.PostAsync("/api/rotations", Json("""{"secret":"a-key","reason":"end to end"}"""), limit.Token);
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            await UntilAsync(async () => await StateAsync(ada, limit.Token) == "waiting-for-approval", limit.Token);
            using var own = await ada.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"mine"}"""), limit.Token);
            Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
            using var approved = await bob.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"seen"}"""), limit.Token);
            Assert.Equal(HttpStatusCode.Accepted, approved.StatusCode);
            await UntilAsync(async () => await StateAsync(ada, limit.Token) == "succeeded", limit.Token);

            Assert.Contains("KEY=", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "app.env"), limit.Token), StringComparison.Ordinal);
        }
        finally
        {
            head.Kill(entireProcessTree: true);
            storage.Kill(entireProcessTree: true);
            await head.WaitForExitAsync(CancellationToken.None);
            await storage.WaitForExitAsync(CancellationToken.None);
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

            await Task.Yield();
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".cmd")));

    /// <summary>The head's own build output, of the same configuration as these tests.</summary>
    private static string Output() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "Functions", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0"));

    private static Process Run(string program, string folder, IReadOnlyList<string> arguments, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
