using System.Diagnostics;
using System.Runtime.Versioning;
using Rotunda.Server.Hosting;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>What other processes of the same user can take from the server, and what others can put in its way.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProcessGuardTests
{
    private const string Nobody = "65534";
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task Another_process_of_the_same_user_reads_neither_its_memory_nor_its_environment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        using var folder = new ServerFolder();
        await AsUserAsync("", "chown", "-R", Nobody, folder.Path);
        using var server = Start(
            "dotnet", ServerProcess.Dll, "serve", "--data", folder.Data, "--catalog", folder.Catalog, "--urls", "http://127.0.0.1:0");
        using var other = Start("sleep", "600");
        try
        {
            var output = "";
            while (!output.Contains("Rotunda is ready", StringComparison.Ordinal))
            {
                var line = await server.StandardOutput.ReadLineAsync().WaitAsync(ServerProcess.Patience);
                output += line ?? throw new InvalidOperationException(output + await server.StandardError.ReadToEndAsync());
            }

            Assert.Contains("DOTNET_EnableDiagnostics=0", output, StringComparison.Ordinal);
            foreach (var name in new[] { "environ", "mem" })
            {
                // The other one shows that the reader may read what is its user's.
                Assert.Equal(0, await AsUserAsync(Nobody, "dd", $"if=/proc/{other.Id}/{name}", "count=0"));
                Assert.NotEqual(0, await AsUserAsync(Nobody, "dd", $"if=/proc/{server.Id}/{name}", "count=0"));
            }

            Assert.Matches("Max core file size +0 +0", await File.ReadAllTextAsync($"/proc/{server.Id}/limits"));
        }
        finally
        {
            server.Kill();
            other.Kill();
            await server.WaitForExitAsync();
        }
    }

    [Fact]
    public void A_data_directory_that_others_can_write_is_refused_or_mended_and_one_that_they_can_read_is_told()
    {
        using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.Data);
        File.SetUnixFileMode(folder.Data, Own | UnixFileMode.GroupWrite);
        using (var mended = DataDirectory.Take(folder.Data))
        {
            Assert.Contains("could write", Assert.Single(mended.Remarks), StringComparison.Ordinal);
            Assert.Equal(Own, File.GetUnixFileMode(folder.Data));
        }

        using (var well = DataDirectory.Take(folder.Data))
        {
            Assert.Empty(well.Remarks);
        }

        File.SetUnixFileMode(folder.Data, Own | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using (var open = DataDirectory.Take(folder.Data))
        {
            Assert.Contains("chmod 700", Assert.Single(open.Remarks), StringComparison.Ordinal);
        }

        File.SetUnixFileMode(folder.Data, Own | UnixFileMode.OtherWrite);
        var refused = Assert.Throws<StartupException>(() => DataDirectory.Take(folder.Data));
        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
    }

    private static Process Start(params string[] command) => Process.Start(Info(Nobody, command))!;

    private static async Task<int> AsUserAsync(string user, params string[] command)
    {
        using var process = Process.Start(Info(user, command))!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
            .WaitAsync(ServerProcess.Patience);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Root reads everything, so where the tests run as root another user is taken.</summary>
    private static ProcessStartInfo Info(string user, string[] command)
    {
        string[] other = Environment.IsPrivilegedProcess && user.Length > 0
            ? ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
            : [];
        string[] all = user.Length == 0 && !Environment.IsPrivilegedProcess ? ["true"] : [.. other, .. command];
        var info = new ProcessStartInfo(all[0], all[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("DOTNET_EnableDiagnostics");
        info.Environment["HOME"] = "/nonexistent";
        return info;
    }
}
