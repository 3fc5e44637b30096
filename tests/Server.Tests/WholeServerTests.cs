using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>The server as its users have it: a process, its command line, and a power cut.</summary>
public sealed class WholeServerTests
{
    [Fact]
    public async Task A_rotation_goes_through_and_the_command_line_shows_it()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        var environment =
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_URL"] = server.Url, ["ROTUNDA_DATA"] = folder.Data };

        var rotate = await ServerProcess.RunAsync(["rotate", "a-key", "--reason", "test", "--wait"], environment);
        var status = await ServerProcess.RunAsync(["status", "--json"], environment);
        var verify = await ServerProcess.RunAsync(["audit", "verify"], environment);
        var show = await ServerProcess.RunAsync(["show", "a-key-1", "--json"], environment);

        Assert.True(rotate.ExitCode == 0, rotate.Output + rotate.Error + server.Output);
        Assert.Equal(0, status.ExitCode);
        Assert.Equal("up-to-date", (string?)JsonNode.Parse(status.Output)!["secrets"]![0]!["group"]);
        Assert.Equal(0, verify.ExitCode);
        Assert.Equal("succeeded", (string?)JsonNode.Parse(show.Output)!["rotation"]!["state"]);
        Assert.Contains("KEY=", await File.ReadAllTextAsync(folder.In("app.env")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_tells_what_a_rotation_would_meet_with_and_without_a_server()
    {
        using var folder = new ServerFolder();
        await File.AppendAllTextAsync(folder.Catalog, """
                consumers:
                  app: { type: http, instances: ["http://127.0.0.1:1"], healthPath: health, token: "env:NO_SUCH_VARIABLE_HERE" }

            """);
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        var environment =
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_URL"] = server.Url, ["ROTUNDA_DATA"] = folder.Data };

        var doctor = await ServerProcess.RunAsync(["doctor"], environment);
        var status = await ServerProcess.RunAsync(["status", "--json"], environment);
        var live = await ServerProcess.RunAsync(["catalog", "validate", folder.Catalog, "--live", "--json"], environment);

        Assert.Equal((1, 1, 1), (doctor.ExitCode, status.ExitCode, live.ExitCode));
        Assert.Contains("NO_SUCH_VARIABLE_HERE", doctor.Output, StringComparison.Ordinal);
        Assert.Equal("not-ready", (string?)JsonNode.Parse(status.Output)!["secrets"]![0]!["group"]);
        Assert.Equal("consumer", (string?)Assert.Single(JsonNode.Parse(live.Output)!["findings"]!.AsArray())!["area"]);

        await File.WriteAllTextAsync(folder.Catalog, "version: 1\nsecrts: {}\n");
        using var client = server.Client();
        await server.UntilAsync(
            async () => (await client.GetStringAsync("/api/secrets")).Contains("secrts", StringComparison.Ordinal), "the broken catalog");
        var broken = await ServerProcess.RunAsync(["status"], environment);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("the last good one stays in force: ", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_made_on_the_command_line_is_good_at_once_and_revoked_at_once()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);

        var made = await ServerProcess.RunAsync(["token", "create", "vera", "--role", "viewer", "--data", folder.Data]);
        var environment = new Dictionary<string, string?>(
            StringComparer.Ordinal) { ["ROTUNDA_URL"] = server.Url, ["ROTUNDA_TOKEN"] = made.Output.Trim() };
        var before = await ServerProcess.RunAsync(["status"], environment);
        var renewed = await ServerProcess.RunAsync(["token", "renew", "vera", "--expires", "never", "--data", folder.Data]);
        var start = await ServerProcess.RunAsync(["rotate", "a-key"], environment);
        var revoked = await ServerProcess.RunAsync(["token", "revoke", "vera", "--data", folder.Data]);
        var after = await ServerProcess.RunAsync(["status"], environment);
        var nobody = await ServerProcess.RunAsync(["token", "revoke", "nobody", "--data", folder.Data]);
        var gone = await ServerProcess.RunAsync(["token", "renew", "vera", "--data", folder.Data]);

        Assert.Equal((0, 0, 3, 0, 3), (made.ExitCode, before.ExitCode, start.ExitCode, revoked.ExitCode, after.ExitCode));
        Assert.Equal((2, 2), (nobody.ExitCode, gone.ExitCode));
        Assert.Equal("good until it is revoked", renewed.Output.Trim());
    }

    [Fact]
    public async Task Login_makes_a_link_that_a_browser_uses_once_and_that_is_in_no_log()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        var environment =
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_URL"] = server.Url, ["ROTUNDA_DATA"] = folder.Data };

        var login = await ServerProcess.RunAsync(["login"], environment);
        var (address, code) = (login.Output.Trim().Split('#')[0], login.Output.Trim().Split('#')[1]);
        using var browser = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var page = await browser.GetAsync(address);
        var statuses = new List<int>();
        for (var time = 0; time < 2; time++)
        {
            using var enter = new HttpRequestMessage(HttpMethod.Post, "/api/session")
            {
                Content = new StringContent($$"""{"code":"{{code}}"}""", Encoding.UTF8, "application/json"),
            };
            enter.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var entered = await browser.SendAsync(enter);
            statuses.Add((int)entered.StatusCode);
        }

        Assert.Equal($"{server.Url}/login", address);
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Equal([200, 403], statuses);
        Assert.DoesNotContain(code, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_acts_with_a_token_manages_tokens_over_http_and_their_text_is_nowhere_else()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ROTUNDA_URL"] = server.Url,
            ["ROTUNDA_TOKEN"] = (await File.ReadAllTextAsync(Path.Combine(folder.Data, "cli-token"))).Trim(),
            ["ROTUNDA_DATA"] = folder.In("no-such-directory"),
        };

        var made = await ServerProcess.RunAsync(["token", "create", "vera", "--role", "viewer", "--expires", "1d"], environment);
        var list = await ServerProcess.RunAsync(["token", "list", "--json"], environment);
        var renewed = await ServerProcess.RunAsync(["token", "renew", "vera", "--json"], environment);
        var tooLong = await ServerProcess.RunAsync(["token", "renew", "vera", "--expires", "9999d"], environment);
        var revoked = await ServerProcess.RunAsync(["token", "revoke", "vera"], environment);
        var again = await ServerProcess.RunAsync(["token", "revoke", "vera"], environment);
        var both = await ServerProcess.RunAsync(["token", "list", "--data", folder.Data, "--url", server.Url]);
        var audit = await ServerProcess.RunAsync(["audit", "list"], environment);

        Assert.Equal((0, 0, 0, 3, 2), (made.ExitCode, list.ExitCode, revoked.ExitCode, again.ExitCode, both.ExitCode));
        Assert.Equal(["admin", "vera"], JsonNode.Parse(list.Output)!.AsArray().Select(token => (string?)token!["name"]));
        Assert.Contains("admin token.create - vera of vera: viewer, ends ", audit.Output, StringComparison.Ordinal);
        Assert.Equal((0, 2), (renewed.ExitCode, tooLong.ExitCode));
        Assert.True((DateTimeOffset)JsonNode.Parse(renewed.Output)!["expiresAt"]! > (DateTimeOffset)Vera(list)["expiresAt"]!);
        Assert.Contains("admin token.renew - vera", audit.Output, StringComparison.Ordinal);
        var text = made.Output.Trim()["rot_".Length..];
        Assert.DoesNotContain(text, server.Output, StringComparison.Ordinal);
        Assert.All(
            Directory.GetFiles(folder.Data, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)),
            file => Assert.DoesNotContain(text, Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal));
    }

    private static JsonNode Vera((int ExitCode, string Output, string Error) list) =>
        JsonNode.Parse(list.Output)!.AsArray().Single(token => (string?)token!["name"] == "vera")!;

    [Fact]
    public async Task A_rotation_survives_a_kill_at_a_crash_point()
    {
        using var folder = new ServerFolder();
        var crashing = folder.Settings with
        {
            Environment = new Dictionary<string, string?>(
                StringComparer.Ordinal) { ["ROTUNDA_CRASH_ARM"] = folder.In("arm"), ["ROTUNDA_CRASH_LOG"] = folder.In("points") },
        };
        await using var server = await ServerProcess.StartAsync(crashing);
        await File.WriteAllTextAsync(folder.In("arm"), "12");
        using (var client = server.Client())
        {
            try
            {
                await client.PostAsync(
                    "/api/rotations",
                    new StringContent("""{"secret":"a-key","reason":"test"}""", Encoding.UTF8, "application/json"));
            }
            catch (HttpRequestException)
            {
                // Killed before it answered.
            }
        }

        Assert.NotEqual(0, await server.WaitForExitAsync());
        Assert.Equal(12, (await File.ReadAllLinesAsync(folder.In("points"))).Length);

        await server.RestartAsync(folder.Settings);

        using var again = server.Client();
        await server.UntilAsync(
            async () => (await again.GetStringAsync("/api/rotations/a-key-1")).Contains(
                "\"state\":\"succeeded\"",
                StringComparison.Ordinal),
            "the rotation succeeds");
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
