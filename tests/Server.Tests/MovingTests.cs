using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A server that moves with a rotation asleep in its grace period: to another data directory, and to a ledger on
/// PostgreSQL.</summary>
public sealed class MovingTests
{
    private const string Reference = "env:LEDGER";

    [Fact]
    public async Task A_sleeper_goes_on_in_another_data_directory()
    {
        using var folder = SleepyFolder();
        var due = await SleepAsync(folder);
        await ExportAsync(folder);

        var target = Settings(folder, null);
        var import = await RunAsync(target, "import", folder.In("ledger.jsonl"));
        Assert.True(import.ExitCode == 0, import.Error);
        Assert.Contains("under way: a-key-2", import.Output);
        await WakeAsync(folder, target, due);
    }

    [Fact]
    public async Task A_sleeper_goes_on_with_the_ledger_on_postgres()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await cluster.ExecuteAsync("CREATE ROLE head LOGIN PASSWORD 'head-password'");
        using var folder = SleepyFolder();
        var due = await SleepAsync(folder);
        await ExportAsync(folder);

        var owner = Settings(folder, cluster.AdminConnectionString);
        var early = await RunAsync(owner, "ledger", "check");
        Assert.Equal(2, early.ExitCode);
        Assert.Contains("rotunda ledger migrate", early.Error);
        Assert.Equal(0, (await RunAsync(owner, "ledger", "migrate", "--grant", "head")).ExitCode);
        Assert.Contains("already", (await RunAsync(owner, "ledger", "migrate", "--grant", "head")).Output);
        var import = await RunAsync(owner, "import", folder.In("ledger.jsonl"));
        Assert.True(import.ExitCode == 0, import.Error);

        var head = Settings(folder, $"Host={cluster.Host};Port={cluster.Port};Database=postgres;Username=head;Password=head-password");
        Assert.Equal(0, (await RunAsync(head, "ledger", "check")).ExitCode);
        await WakeAsync(folder, head, due);

        var other = head with { Data = folder.In("third") };
        CopyStore(folder, other.Data);
        await using var second = ServerProcess.Launch(other);
        Assert.Equal(2, await second.WaitForExitAsync());
        Assert.Contains("another head works with it", second.Output);
    }

    /// <summary>Starts a rotation, stops the server once it sleeps, and tells until when.</summary>
    private static async Task<string> SleepAsync(ServerFolder folder)
    {
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        // The first has no older value to keep alive.
        var first = await RunAsync(folder.Settings, server, "rotate", "a-key", "--reason", "test", "--wait");
        Assert.True(first.ExitCode == 0, first.Output + first.Error);
        Assert.Equal(0, (await RunAsync(folder.Settings, server, "rotate", "a-key", "--reason", "test")).ExitCode);
        using var client = server.Client();
        var until = "";
        await server.UntilAsync(
            async () =>
            {
                var rotation = JsonNode.Parse(await client.GetStringAsync("/api/rotations/a-key-2"))!["rotation"]!;
                until = (string?)rotation["until"] ?? "";
                return (string?)rotation["state"] == "grace";
            },
            "the rotation sleeps");
        return until;
    }

    private static async Task ExportAsync(ServerFolder folder)
    {
        var export = await RunAsync(folder.Settings, "export", folder.In("ledger.jsonl"));
        Assert.True(export.ExitCode == 0, export.Error);
        Assert.Contains("values are in: embedded", export.Output);

        await using var left = ServerProcess.Launch(folder.Settings);
        Assert.Equal(2, await left.WaitForExitAsync());
        Assert.Contains("moved away", left.Output);
        Assert.Equal(2, (await RunAsync(folder.Settings, "export", folder.In("again.jsonl"))).ExitCode);
    }

    /// <summary>The server on the imported ledger waits until the same time, and goes on when it is let.</summary>
    private static async Task WakeAsync(ServerFolder folder, ServerSettings target, string due)
    {
        CopyStore(folder, target.Data);
        await using var server = await ServerProcess.StartAsync(target);
        using var client = server.Client();
        await server.UntilAsync(
            async () => (await client.GetStringAsync("/api/rotations/a-key-2")).Contains(
                "the end of the grace period",
                StringComparison.Ordinal),
            "the rotation sleeps again");
        var rotation = JsonNode.Parse(await client.GetStringAsync("/api/rotations/a-key-2"))!["rotation"]!;
        Assert.Equal(due, (string?)rotation["until"]);

        var approver = (await RunAsync(target, "token", "create", "paul", "--role", "approver")).Output.Trim();
        var skipped = await server.Client(approver).PostAsync(
            "/api/rotations/a-key-2/skip-grace",
            new StringContent("""{"reason":"test"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(System.Net.HttpStatusCode.Accepted, skipped.StatusCode);
        await server.UntilAsync(
            async () => (await client.GetStringAsync("/api/rotations/a-key-2")).Contains(
                "\"state\":\"succeeded\"",
                StringComparison.Ordinal),
            "the rotation succeeds");
        var audit = await RunAsync(target, "audit", "verify");
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Error);
        var actions = (await RunAsync(target, "audit", "export")).Output.Split(
            '\n').Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!)
            .Where(row => (string?)row["rotationId"] == "a-key-2").Select(row => (string?)row["action"]).ToList();
        Assert.Single(actions, "credential.promoted");
        Assert.Single(actions, "rotation.carried-over");
    }

    private static ServerFolder SleepyFolder()
    {
        var folder = new ServerFolder();
        File.WriteAllText(folder.Catalog, File.ReadAllText(folder.Catalog).Replace("grace: 1s", "grace: 20d", StringComparison.Ordinal));
        return folder;
    }

    private static void CopyStore(ServerFolder folder, string data)
    {
        Directory.CreateDirectory(data);
        foreach (var name in new[] { "secrets.db", "master.key" })
        {
            File.Copy(Path.Combine(folder.Data, name), Path.Combine(data, name), overwrite: true);
        }
    }

    private static ServerSettings Settings(ServerFolder folder, string? ledger) => folder.Settings with
    {
        Data = folder.In("second"),
        Environment = ledger is null
            ? new Dictionary<string, string?>(StringComparer.Ordinal)
            : new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_LEDGER"] = Reference, ["LEDGER"] = ledger },
    };

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(ServerSettings settings, params string[] arguments) =>
        RunAsync(settings, null, arguments);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(
        ServerSettings settings,
        ServerProcess? server,
        params string[] arguments)
    {
        var environment = new Dictionary<string, string?>(
            settings.Environment ?? new Dictionary<string, string?>(StringComparer.Ordinal),
            StringComparer.Ordinal) { ["ROTUNDA_DATA"] = settings.Data };
        if (server is not null)
        {
            environment["ROTUNDA_URL"] = server.Url;
        }

        return ServerProcess.RunAsync(arguments, environment);
    }
}
