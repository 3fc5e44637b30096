using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>What the system tells the server, and what the server tells systemd.</summary>
public sealed class SignalTests
{
    /// <summary>Starts the server with a terminal of its own, closes that when it is ready, and prints how it ended.</summary>
    private const string Terminal = """
        import os, pty, signal, sys, time
        ignore, log, program = sys.argv[1] == "nohup", sys.argv[2], sys.argv[3:]
        pid, terminal = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_IGN if ignore else signal.SIG_DFL)
            out = os.open(log, os.O_WRONLY | os.O_CREAT)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.execvp(program[0], program)
        def until(text):
            for _ in range(2400):
                if os.path.exists(log) and text in open(log).read():
                    return
                time.sleep(0.025)
            os.kill(pid, signal.SIGKILL)
            sys.exit("Waited in vain for: " + text + "\n" + open(log).read())
        until("Rotunda is ready")
        os.close(terminal)
        if ignore:
            os.kill(pid, signal.SIGTERM)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    [Fact]
    public async Task Systemd_is_told_and_a_hang_up_reloads_the_catalog_or_says_what_is_wrong_with_it()
    {
        using var folder = new ServerFolder();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(folder.In("notify")));
        await using var server = await ServerProcess.StartAsync(folder.Settings with
        {
            Sweep = "1h",
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = folder.In("notify") },
        });
        Assert.Equal("READY=1\nSTATUS=1 secret in the catalog", await HearAsync(systemd));
        var first = await File.ReadAllTextAsync(folder.Catalog);

        await File.WriteAllTextAsync(folder.Catalog, first + "  b-key: { strategy: dual-key, provider: { type: generated } }\n");
        await server.SignalAsync("HUP");

        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", await HearAsync(systemd));
        Assert.Equal("READY=1\nSTATUS=2 secrets in the catalog", await HearAsync(systemd));
        await server.UntilAsync(() => Says(server, "added: b-key"), "the change is in the log");

        await File.WriteAllTextAsync(folder.Catalog, first.Replace("tokenLifetime", "tokenLifetme", StringComparison.Ordinal));
        await server.SignalAsync("HUP");

        Assert.StartsWith("RELOADING=1", await HearAsync(systemd), StringComparison.Ordinal);
        Assert.Contains("the last good one is in force", await HearAsync(systemd), StringComparison.Ordinal);
        await server.UntilAsync(() => Says(server, "tokenLifetme"), "what is wrong is in the log");
        using var client = server.Client();
        Assert.Contains("b-key", await client.GetStringAsync("/api/secrets"), StringComparison.Ordinal);

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal("STOPPING=1", await HearAsync(systemd));
        await server.UntilAsync(() => Says(server, "Rotunda has stopped"), "the end is in the log");
        Assert.Contains("Stopping because of SIGTERM", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_terminal_stops_the_server_cleanly_unless_it_was_to_outlive_it()
    {
        var (closed, outlived) = (InTerminalAsync("terminal"), InTerminalAsync("nohup"));

        Assert.Contains("Stopping because of the terminal's end", await closed, StringComparison.Ordinal);
        Assert.Contains("Stopping because of SIGTERM", await outlived, StringComparison.Ordinal);
    }

    /// <summary>Returns the log.</summary>
    private static async Task<string> InTerminalAsync(string how)
    {
        using var folder = new ServerFolder();
        using var process = Process.Start(new ProcessStartInfo(
            "python3",
            [
                "-c", Terminal, how, folder.In("log"), "dotnet", ServerProcess.Dll, "serve", "--data", folder.Data, "--catalog",
                folder.Catalog, "--urls", "http://127.0.0.1:0", "--sweep", "1h",
            ]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var told = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
            .WaitAsync(ServerProcess.Patience);
        Assert.Equal(("0", ""), (told[0].Trim(), told[1].Trim()));
        var log = await File.ReadAllTextAsync(folder.In("log"));
        Assert.Contains("Rotunda has stopped", log, StringComparison.Ordinal);
        return log;
    }

    private static Task<bool> Says(ServerProcess server, string text) =>
        Task.FromResult(server.Output.Contains(text, StringComparison.Ordinal));

    private static async Task<string> HearAsync(Socket systemd)
    {
        var buffer = new byte[4096];
        var length = await systemd.ReceiveAsync(buffer).WaitAsync(ServerProcess.Patience);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
