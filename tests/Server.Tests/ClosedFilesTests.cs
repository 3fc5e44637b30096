using System.Diagnostics;
using System.Runtime.Versioning;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A file that this user may not read is not one that is not there.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClosedFilesTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-closed-");

    public ClosedFilesTests()
    {
        File.SetUnixFileMode(_folder.FullName, Open);
        foreach (var name in (string[])["ledger.db", "hub.db", "secrets.db", "tokens.json", "cli-token"])
        {
            File.WriteAllText(In(name), "");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_named_with_who_may_not_read_it(bool folderToo)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the modes of Unix");
        foreach (var file in _folder.EnumerateFiles())
        {
            File.SetUnixFileMode(file.FullName, UnixFileMode.None);
        }

        if (folderToo)
        {
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.None);
        }

        await Task.WhenAll(
            SaysAsync("ledger.db", "audit", "verify"),
            SaysAsync("hub.db", "backup", In("backup")),
            SaysAsync("tokens.json", "token", "list"),
            SaysAsync("cli-token", "status"));
    }

    public void Dispose()
    {
        File.SetUnixFileMode(_folder.FullName, Open);
        _folder.Delete(recursive: true);
    }

    private async Task SaysAsync(string file, params string[] command)
    {
        using var process = Process.Start(AsAnother([.. command, "--data", _folder.FullName]))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(ServerProcess.Patience);
        await process.WaitForExitAsync();

        Assert.Equal(2, process.ExitCode);
        Assert.Matches(
            $@"^This user \(\S+\) may not read {In(file)}\. Run the command as the user that the server runs as.*\.\s*$",
            await error);
        Assert.Empty(output);
    }

    /// <summary>Root reads everything, so where the tests run as root another user is taken.</summary>
    private static ProcessStartInfo AsAnother(string[] arguments)
    {
        string[] dotnet = ["dotnet", ServerProcess.Dll, .. arguments];
        string[] all = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", .. dotnet] : dotnet;
        var info = new ProcessStartInfo(all[0], all[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["HOME"] = "/nonexistent";
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("ROTUNDA_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        return info;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
