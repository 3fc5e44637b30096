using System.Diagnostics;
using System.Runtime.Versioning;

namespace Rotunda.Functions.Tests;

/// <summary>What docs/azure-local.md says of <c>dotnet run</c>, from the repository's root, with a program of ours in place of
/// the host.</summary>
public sealed class LocalRunTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Dotnet_run_from_the_root_starts_the_host_in_the_output_folder()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The program in place of the host is a shell script.");
        }

        var output = Output();
        var tools = Directory.CreateTempSubdirectory("rotunda-func-");
        var func = Path.Combine(tools.FullName, "func");
        await File.WriteAllTextAsync(func, "#!/bin/sh\necho \"$1 in $(pwd)\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(func, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var said = await RunAsync(tools.FullName, new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name);

            Assert.Contains($"start in {output}", said, StringComparison.Ordinal);
        }
        finally
        {
            tools.Delete(recursive: true);
        }
    }

    /// <summary>The host starts again when a folder appears beside host.json, in the middle of the first rotation.</summary>
    [Fact]
    public void The_data_folder_of_the_sample_is_there_before_the_host_starts() =>
        Assert.True(Directory.Exists(Path.Combine(Output(), "data")));

    private static async Task<string> RunAsync(string tools, string configuration)
    {
        string[] arguments = ["run", "--project", Path.Combine("src", "Functions"), "--no-build", "-c", configuration];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{tools}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var run = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var said = await Task.WhenAll(run.StandardOutput.ReadToEndAsync(token), run.StandardError.ReadToEndAsync(token));
        await run.WaitForExitAsync(token);
        return string.Concat(said);
    }

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));

    private static string Output() =>
        Path.Combine(Root, "src", "Functions", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");
}
