using System.Diagnostics;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What would fail at the delivery, after the live value has changed, is found by the check before it.</summary>
public sealed class FilePlaceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    private string Target => Path.Combine(_folder.FullName, ".env");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_named_pipe_is_refused_and_never_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs mkfifo");
        Assert.True(await RunAsync("mkfifo", Target));
        await AllRefuseAsync("named pipe");
        foreach (var provider in All.Cast<IDeliverValues>())
        {
            var refusal = await Assert.ThrowsAnyAsync<OutcomeException>(() => provider.CaptureAsync(Call(), default));
            Assert.Contains("named pipe", refusal.Outcome.Reason);
        }
    }

    [Fact]
    public async Task A_single_file_that_is_mounted_is_refused_before_anything_is_changed()
    {
        var other = Path.Combine(_folder.FullName, "other");
        await File.WriteAllTextAsync(other, "");
        await File.WriteAllTextAsync(Target, "");
        Assert.SkipUnless(await RunAsync("mount", "--bind", other, Target), "needs the right to mount");
        try
        {
            await AllRefuseAsync("mount point");
        }
        finally
        {
            await RunAsync("umount", Target);
        }
    }

    [Theory]
    [InlineData("+i")]
    [InlineData("+a")]
    public async Task A_file_that_nobody_may_replace_is_refused_with_the_command_that_mends_it(string mark)
    {
        await File.WriteAllTextAsync(Target, "");
        Assert.SkipUnless(await RunAsync("chattr", mark, Target), "needs a disk with such marks, and the right to set them");
        try
        {
            await AllRefuseAsync($"chattr -ia {Target}");
        }
        finally
        {
            await RunAsync("chattr", "-ia", Target);
        }
    }

    [Fact]
    public async Task A_disk_without_room_for_the_file_is_refused()
    {
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=32k", "none", _folder.FullName), "needs the right to mount");
        try
        {
            await AllRefuseAsync("is full");
            Assert.Empty(_folder.GetFiles());
        }
        finally
        {
            await RunAsync("umount", _folder.FullName);
        }
    }

    [Fact]
    public async Task A_disk_that_is_mounted_read_only_is_refused()
    {
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "ro", "none", _folder.FullName), "needs the right to mount");
        try
        {
            await AllRefuseAsync("read-only");
        }
        finally
        {
            await RunAsync("umount", _folder.FullName);
        }
    }

    private static IProvider[] All => [new DotEnvProvider(), new FileProvider(), new AuthorizedKeysProvider(), new PgBouncerProvider()];

    private async Task AllRefuseAsync(string why)
    {
        foreach (var provider in All)
        {
            var outcome = await ((IValidateSetup)provider).ValidateAsync(Call(), default);
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.Contains(why, outcome.Reason);
        }
    }

    private ProviderCall Call() => new(
        new ProviderSettings(
            new JsonObject
            {
                ["path"] = Target, ["keys"] = new JsonObject { ["KEY"] = "{value}" }, ["users"] = new JsonArray("app"),
                ["poolers"] = new JsonArray("127.0.0.1:1"), ["database"] = "app", ["adminUser"] = "admin",
            },
            new FixedReferences(new Dictionary<string, string>())),
        "app",
        "app-1",
        1,
        1,
        TimeProvider.System);

    private static async Task<bool> RunAsync(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
