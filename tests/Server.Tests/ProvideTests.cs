using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A value that a person gives: at a real terminal, on standard input, and over HTTP.</summary>
public sealed class ProvideTests
{
    private const string Value = "pay-f3a9c2e7d1b84056";

    /// <summary>
    /// Runs a program at a terminal of its own. Each further pair is what to wait for in its output, and the keys to press then. Prints
    /// how it ended and all that it showed; the terminal has to show again what is typed. As from a person's shell, Ctrl-C is not ignored:
    /// whatever a script starts in the background ignores it, and so may these tests.
    /// </summary>
    private const string Person = """
        import json, os, pty, select, signal, sys, termios
        program, script = json.loads(sys.argv[1]), json.loads(sys.argv[2])
        pid, terminal = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvp(program[0], program)
        shown, read, ended = b"", 0, False
        def more():
            global shown, ended
            if not select.select([terminal], [], [], 60)[0]:
                sys.exit("Nothing more came after: " + shown.decode())
            try:
                got = os.read(terminal, 65536)
            except OSError:
                got = b""
            ended = got == b""
            shown += got
        for text, keys in script:
            while text.encode() not in shown[read:]:
                if ended:
                    sys.exit("Waited in vain for: " + text + "\n" + shown.decode())
                more()
            read = shown.index(text.encode(), read) + len(text)
            os.write(terminal, keys.encode())
        while not ended:
            more()
        if not termios.tcgetattr(terminal)[3] & termios.ECHO:
            sys.exit("The terminal shows nothing any more.")
        print(json.dumps({"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "shown": shown.decode()}))
        """;

    private const string Prompt = "Value (not shown): ";

    [Fact]
    public async Task At_a_terminal_it_is_asked_for_until_it_fits_and_never_shown()
    {
        using var folder = new ServerFolder();
        await using var server = await AskingAsync(folder);

        var (code, shown) = await TypeAsync(
            server, (Prompt, "key-that-does-not-begin-rightly\r"), (Prompt, $"{Value[..^1]}xy\u007f\u007f{Value[^1]}\r"));

        Assert.Equal(0, code);
        Assert.Contains("payroll-key needs an API key of the user rotunda", shown, StringComparison.Ordinal);
        Assert.Contains("pay-", shown, StringComparison.Ordinal);
        Assert.All([Value, Value[4..], "does-not-begin"], text => Assert.DoesNotContain(text, shown, StringComparison.Ordinal));
        await ArrivedAsync(server, folder);
    }

    [Fact]
    public async Task Who_breaks_off_at_the_prompt_has_given_nothing()
    {
        using var folder = new ServerFolder();
        await using var server = await AskingAsync(folder);

        var (code, shown) = await TypeAsync(server, (Prompt, $"{Value}\u0003"));

        Assert.Equal(2, code);
        Assert.DoesNotContain(Value, shown, StringComparison.Ordinal);
        Assert.Equal("waiting-for-value", await StateAsync(server));
        Assert.DoesNotContain("value.provided", (await RotationAsync(server))["timeline"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, (await TypeAsync(server, (Prompt, "\r"))).Code);
        Assert.Equal("waiting-for-value", await StateAsync(server));
    }

    [Fact]
    public async Task By_standard_input_and_over_HTTP_it_goes_the_same_way()
    {
        using var folder = new ServerFolder();
        await using var server = await AskingAsync(folder);
        using var client = server.Client();

        var (code, said) = await PipeAsync(server, "key-that-does-not-begin-rightly\n");
        Assert.Equal(3, code);
        Assert.DoesNotContain("does-not-begin", said, StringComparison.Ordinal);
        (code, said) = await PipeAsync(server, Value + "\n");
        Assert.True(code == 0, said);
        Assert.DoesNotContain(Value, said, StringComparison.Ordinal);
        await ArrivedAsync(server, folder);

        await StartAsync(server, "payroll-key-2");
        using var given = await client.PostAsJsonAsync("/api/rotations/payroll-key-2/provide", new { value = Value + "2" });
        given.EnsureSuccessStatusCode();
        await server.UntilAsync(
            async () => (await File.ReadAllTextAsync(folder.In("payroll.env"))).Contains(Value + "2", StringComparison.Ordinal),
            "it is delivered");
    }

    private static async Task<ServerProcess> AskingAsync(ServerFolder folder)
    {
        await File.WriteAllTextAsync(folder.Catalog, """
            version: 1
            secrets:
              payroll-key:
                strategy: supplied
                provider: { type: manual }
                grace: 0s
                ask:
                  create: an API key of the user rotunda
                  value: { prefix: pay- }
                targets:
                  env: { type: dotenv, path: payroll.env, keys: { KEY: "{value}" } }

            """);
        var server = await ServerProcess.StartAsync(folder.Settings with { Sweep = "1h" });
        await StartAsync(server, "payroll-key-1");
        return server;
    }

    private static async Task StartAsync(ServerProcess server, string id)
    {
        using var client = server.Client();
        using var started = await client.PostAsJsonAsync("/api/rotations", new { secret = "payroll-key", reason = "it is time" });
        started.EnsureSuccessStatusCode();
        await server.UntilAsync(async () => await StateAsync(server, id) == "waiting-for-value", $"{id} asks");
    }

    private static async Task ArrivedAsync(ServerProcess server, ServerFolder folder)
    {
        await server.UntilAsync(async () => await StateAsync(server) == "succeeded", "the rotation is over");
        Assert.Contains(Value, await File.ReadAllTextAsync(folder.In("payroll.env")), StringComparison.Ordinal);
        Assert.DoesNotContain(Value, server.Output + await RotationAsync(server), StringComparison.Ordinal);
    }

    private static async Task<string> StateAsync(ServerProcess server, string id = "payroll-key-1") =>
        (string)(await RotationAsync(server, id))["rotation"]!["state"]!;

    private static async Task<JsonNode> RotationAsync(ServerProcess server, string id = "payroll-key-1")
    {
        using var client = server.Client();
        return JsonNode.Parse(await client.GetStringAsync($"/api/rotations/{id}"))!;
    }

    private static string[] Command(ServerProcess server) =>
        ["dotnet", ServerProcess.Dll, "--data", server.Settings.Data, "--url", server.Url, "provide", "payroll-key"];

    private static async Task<(int Code, string Shown)> TypeAsync(ServerProcess server, params (string Wait, string Keys)[] script)
    {
        var (code, told, wrong) = await RunAsync(
            "/usr/bin/python3",
            ["-c", Person, new JsonArray([.. Command(server).Select(part => (JsonNode)part)]).ToJsonString(),
                new JsonArray([.. script.Select(pair => new JsonArray(pair.Wait, pair.Keys))]).ToJsonString()],
            "");
        Assert.True(code == 0, wrong);
        var end = JsonNode.Parse(told)!;
        return ((int)end["code"]!, (string)end["shown"]!);
    }

    private static async Task<(int Code, string Said)> PipeAsync(ServerProcess server, string input)
    {
        var command = Command(server);
        var (code, told, wrong) = await RunAsync(command[0], command[1..], input);
        return (code, told + wrong);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var told = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
            .WaitAsync(ServerProcess.Patience);
        await process.WaitForExitAsync();
        return (process.ExitCode, told[0], told[1]);
    }
}
