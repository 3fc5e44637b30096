using System.Diagnostics;

namespace Rotunda.Architecture.Tests;

/// <summary>./test leaves the Functions head out only where its packages cannot be had; whatever else keeps it from being restored is a failure.</summary>
public sealed class RestoreVerdictTests
{
    private const string Project = "/src/Functions/Functions.csproj : error ";

    [Theory]
    [InlineData(1, "NU1101: Unable to find package libsodium. No packages exist with this id in source(s): x", "missing: libsodium)")]
    [InlineData(1, "NU1102: Unable to find package Microsoft.Azure.Functions.Worker with version (>= 2.52.0)", "missing: Microsoft.Azure.Functions.Worker)")]
    [InlineData(1, "NU1603: Warning As Error: Rotunda.Functions depends on Azure.X (>= 2.23.0) but Azure.X 2.23.0 was not found. Azure.X 3.2.0 was resolved instead.", "missing: Azure.X)")]
    [InlineData(1, "NU1301: Unable to load the service index for source https://example.org.", "cannot be reached")]
    [InlineData(124, "", "within two minutes")]
    public async Task Packages_that_cannot_be_had_are_no_failure(int exitCode, string error, string expected)
    {
        var (code, line) = await RunAsync(exitCode, error.Length == 0 ? "Determining projects to restore...\n" : Project + error + "\n");

        Assert.Equal(0, code);
        Assert.StartsWith("Functions head: not built,", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NU1605: Warning As Error: Detected package downgrade: Azure.Core from 2.0 to 1.0.")]
    [InlineData("NU1010: The following PackageReference items do not define a corresponding PackageVersion item: libsodium")]
    [InlineData("NU1903: Warning As Error: Package 'x' 1.0 has a known high severity vulnerability")]
    [InlineData("MSB4025: The project file could not be loaded.")]
    public async Task Whatever_else_is_wrong_is_a_failure(string error)
    {
        Assert.Equal(1, (await RunAsync(1, Project + error + "\n")).Code);
        Assert.Equal(1, (await RunAsync(1, $"{Project}NU1101: Unable to find package x.\n{Project}{error}\n")).Code);
    }

    [Fact]
    public async Task A_failure_without_a_word_is_a_failure() => Assert.Equal(1, (await RunAsync(1, "")).Code);

    private static async Task<(int Code, string Line)> RunAsync(int exitCode, string log)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "eng", "functions-restore.sh"), $"{exitCode}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var script = Process.Start(start)!;
        await script.StandardInput.WriteAsync(log);
        script.StandardInput.Close();
        var line = await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (script.ExitCode, line);
    }
}
