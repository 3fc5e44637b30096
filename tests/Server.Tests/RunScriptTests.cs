using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary><c>./run</c> beside one that runs already, and where its ports are taken: nothing is deleted that somebody uses.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RunScriptTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rotunda-run-");
    private readonly int _port = FreePort();
    private readonly int _servicePort = FreePort();

    /// <summary>The repository as <c>./run</c> sees it, with what is built already.</summary>
    public RunScriptTests()
    {
        var built = Path.GetDirectoryName(ServerProcess.Dll)!;
        var repository = Path.GetFullPath(Path.Combine(built, "../../../../.."));
        File.Copy(Path.Combine(repository, "run"), In("run"));
        File.WriteAllText(In("rotunda"), $"#!/bin/sh\nexec dotnet '{ServerProcess.Dll}' \"$@\"\n");
        File.SetUnixFileMode(In("rotunda"), Executable);
        Link("src/Server/bin/Release/net10.0", built);
        Link("samples/JwtConsumer/bin/Release/net10.0", built.Replace("src/Server", "samples/JwtConsumer", StringComparison.Ordinal));
        Directory.CreateDirectory(In("catalog"));
        File.Copy(Path.Combine(repository, "catalog/sample.yaml"), In("catalog/sample.yaml"));
    }

    private string Token => In(".run/data/cli-token");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_second_run_finds_the_first_and_deletes_nothing_even_if_only_its_server_is_left()
    {
        // Those of processes that were killed stay, and their ids come again.
        var sockets = Directory.GetFiles(Path.GetTempPath(), "dotnet-diagnostic-*");
        var first = Start();
        var (server, service) = (0, 0);
        try
        {
            await UntilReadyAsync(first);
            var token = await File.ReadAllTextAsync(Token);
            var pids = (await File.ReadAllTextAsync(In(".run/pids"))).Split(' ').Select(int.Parse).ToArray();
            (server, service) = (pids[1], pids[2]);
            Assert.Empty(Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{server}-*").Except(sockets));

            var second = await RunAsync();

            Assert.Equal(1, second.Code);
            Assert.Contains("running already", second.Output, StringComparison.Ordinal);
            Assert.Contains($"http://127.0.0.1:{_port}", second.Output, StringComparison.Ordinal);
            Assert.Contains($"kill {first.Id} {server} {service}", second.Output, StringComparison.Ordinal);

            first.Kill();
            await first.WaitForExitAsync();
            var third = await RunAsync();

            Assert.Equal(1, third.Code);
            Assert.Contains($"kill {first.Id} {server} {service}", third.Output, StringComparison.Ordinal);
            Assert.Equal(token, await File.ReadAllTextAsync(Token));
            using var client = new HttpClient();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{_port}/readyz")).StatusCode);
        }
        finally
        {
            first.Kill(entireProcessTree: true);
            Kill(server);
            Kill(service);
            first.Dispose();
        }
    }

    [Fact]
    public async Task A_server_that_somebody_else_started_on_its_data_keeps_them()
    {
        var settings = new ServerSettings(In(".run/data"), In("catalog/sample.yaml"));
        await using var server = await ServerProcess.StartAsync(settings);
        var token = server.AdminToken;

        var (code, output) = await RunAsync();

        Assert.Equal(1, code);
        Assert.Contains("did not start", output, StringComparison.Ordinal);
        Assert.Equal(token, server.AdminToken);
    }

    [Fact]
    public async Task Ports_that_are_taken_are_named_with_what_to_do_before_anything_is_deleted()
    {
        using var one = new TcpListener(IPAddress.Loopback, _port);
        using var other = new TcpListener(IPAddress.Loopback, _servicePort);
        one.Start();
        other.Start();
        Directory.CreateDirectory(In(".run/data"));
        await File.WriteAllTextAsync(Token, "kept");

        var (code, output) = await RunAsync();

        Assert.Equal(1, code);
        Assert.Contains($"port {_port} (Rotunda) is taken", output, StringComparison.Ordinal);
        Assert.Contains("ROTUNDA_RUN_PORT=", output, StringComparison.Ordinal);
        Assert.Contains($"port {_servicePort} (the sample service) is taken", output, StringComparison.Ordinal);
        Assert.Contains("ROTUNDA_RUN_SERVICE_PORT=", output, StringComparison.Ordinal);
        Assert.Equal("kept", await File.ReadAllTextAsync(Token));
    }

    private Process Start()
    {
        var info = new ProcessStartInfo("bash", [In("run")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["ROTUNDA_RUN_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        info.Environment["ROTUNDA_RUN_SERVICE_PORT"] = _servicePort.ToString(CultureInfo.InvariantCulture);
        return Process.Start(info)!;
    }

    private async Task<(int Code, string Output)> RunAsync()
    {
        using var run = Start();
        var told = await Task.WhenAll(run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync())
            .WaitAsync(ServerProcess.Patience);
        await run.WaitForExitAsync().WaitAsync(ServerProcess.Patience);
        return (run.ExitCode, told[0] + told[1]);
    }

    private static async Task UntilReadyAsync(Process run)
    {
        using var limit = new CancellationTokenSource(ServerProcess.Patience);
        while (await run.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("Ctrl-C stops both", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail(await run.StandardError.ReadToEndAsync());
    }

    private static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
            found.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It is gone.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Link(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(from))!);
        Directory.CreateSymbolicLink(In(from), to);
    }

    private string In(string name) => Path.Combine(_root.FullName, name);
}
