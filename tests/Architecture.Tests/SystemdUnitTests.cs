using System.Diagnostics;

namespace Rotunda.Architecture.Tests;

/// <summary>The unit file: what hardens the service, and that systemd takes it.</summary>
public sealed class SystemdUnitTests
{
    private static readonly string Unit = Path.Combine(Repository.Root, "infra/systemd/rotunda.service");

    [Fact]
    public void The_service_is_shut_off_and_can_start()
    {
        var lines = File.ReadAllLines(Unit);

        string[] wanted =
        [
            "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "LimitCORE=0", "Environment=DOTNET_EnableDiagnostics=0",
            "Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "StateDirectoryMode=0700", "UMask=0077",
        ];
        Assert.Empty(wanted.Except(lines));
        // The runtime compiles while it runs, and ends at its start with this.
        Assert.DoesNotContain(lines, line => line.StartsWith("MemoryDenyWriteExecute", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rotunda", "export DOTNET_EnableDiagnostics=0")]
    [InlineData("run", "export DOTNET_EnableDiagnostics=0")]
    [InlineData("Dockerfile", "DOTNET_EnableDiagnostics=0")]
    public void Whatever_starts_the_server_turns_diagnostics_off(string file, string line) =>
        Assert.Contains(line, File.ReadAllText(Path.Combine(Repository.Root, file)), StringComparison.Ordinal);

    [Fact]
    public async Task Systemd_takes_the_unit_file()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not here.");
        var info = new ProcessStartInfo("/usr/bin/systemd-analyze", ["security", "--offline=true", "--threshold=25", Unit])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var analyze = Process.Start(info)!;
        var output = await Task.WhenAll(analyze.StandardOutput.ReadToEndAsync(), analyze.StandardError.ReadToEndAsync());
        await analyze.WaitForExitAsync();

        // Exposure 2.5 of 10 at most.
        Assert.True(analyze.ExitCode == 0, string.Concat(output));
    }
}
