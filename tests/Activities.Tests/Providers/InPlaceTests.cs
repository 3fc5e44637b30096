using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Files that others hold by their inode: written in place where the catalog says so.</summary>
public sealed class InPlaceTests : IDisposable
{
    private const string Before = "A='it is'\nKEY=old-value # ours\nB=2\n";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    private string Target => Path.Combine(_folder.FullName, ".env");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("dotenv", "A='it is'\nKEY=new # ours\nB=2\n")]
    [InlineData("file", "new")]
    public async Task Who_holds_the_file_sees_the_new_value(string type, string expected)
    {
        await File.WriteAllTextAsync(Target, Before);
        using var held = new FileStream(Target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(held);
        Assert.True((await ProviderOf(type).ValidateAsync(Call(), default)).Succeeded);
        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(type, "new")).Kind);
        Assert.Equal(expected, await reader.ReadToEndAsync());
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync(type, "new")).Kind);
        Assert.Equal([Target], Directory.GetFiles(_folder.FullName));
    }

    [Theory]
    [InlineData("dotenv")]
    [InlineData("file")]
    public async Task A_single_file_that_is_mounted_gets_its_value_through_the_mount(string type)
    {
        var real = Path.Combine(_folder.FullName, "real");
        await File.WriteAllTextAsync(real, Before);
        await File.WriteAllTextAsync(Target, "");
        Assert.SkipUnless(await Commands.RunAsync("mount", "--bind", real, Target), "needs the right to mount");
        try
        {
            var outcome = await ProviderOf(type).ValidateAsync(Call("replace"), default);
            Assert.Contains("write: in-place", outcome.Reason);
            Assert.True((await ProviderOf(type).ValidateAsync(Call(), default)).Succeeded);
            using var captured = await ProviderOf(type).CaptureAsync(Call(), default);
            Assert.True((await DeliverAsync(type, "new")).Succeeded);
            Assert.Contains("new", await File.ReadAllTextAsync(real));
            Assert.True((await ProviderOf(type).RestoreAsync(Call(), captured, default)).Succeeded);
            Assert.Equal(Before, await File.ReadAllTextAsync(real));
        }
        finally
        {
            await Commands.RunAsync("umount", Target);
        }
    }

    [Theory]
    [InlineData("dotenv", "short")]
    [InlineData("dotenv", "same-size")]
    [InlineData("dotenv", "a value that is longer than the old")]
    [InlineData("file", "short")]
    [InlineData("file", "a value that is much longer than all that stood in the file before it was written")]
    public async Task A_crash_at_any_write_is_levelled_by_the_next_try_and_by_the_way_back(string type, string value)
    {
        await File.WriteAllTextAsync(Target, Before);
        using var captured = await ProviderOf(type).CaptureAsync(Call(), default);
        Assert.True((await DeliverAsync(type, value)).Succeeded);
        var after = await File.ReadAllTextAsync(Target);
        var (crashes, halves) = (0, 0);
        for (var writes = new CrashingWrites(0); ; writes = writes.Next())
        {
            foreach (var isTriedAgain in new[] { true, false })
            {
                await File.WriteAllTextAsync(Target, Before);
                writes.Reset();
                if (!await CrashesAsync(type, value, writes))
                {
                    Assert.True(crashes > 6 && halves > 0);
                    return;
                }

                crashes++;
                halves += await File.ReadAllTextAsync(Target) is var half && half != Before && half != after ? 1 : 0;
                using var again = await ProviderOf(type).CaptureAsync(Call(), default);
                var outcome = isTriedAgain
                    ? await DeliverAsync(type, value)
                    : await ProviderOf(type).RestoreAsync(Call(), captured, default);
                Assert.True(outcome.Succeeded);
                Assert.Equal(isTriedAgain ? after : Before, await File.ReadAllTextAsync(Target));
                Assert.Equal([Target], Directory.GetFiles(_folder.FullName));
            }
        }
    }

    [Fact]
    public async Task What_somebody_wrote_after_the_crash_stays()
    {
        await File.WriteAllTextAsync(Target, Before);
        Assert.True(await CrashesAsync("dotenv", "a value that is longer", new CrashingWrites(180)));
        await File.WriteAllTextAsync(Target, "KEY=by-hand\nMORE=1\n");
        Assert.True((await DeliverAsync("dotenv", "new")).Succeeded);
        Assert.Equal("KEY=new\nMORE=1\n", await File.ReadAllTextAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task A_full_disk_leaves_what_stood_there()
    {
        await File.WriteAllTextAsync(Target, Before);
        var outcome = await new FileProvider(new FullDisk()).DeliverAsync(Call(), Values("new"), default);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Equal(Before, await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task The_check_tries_what_the_choice_needs()
    {
        var mount = _folder.CreateSubdirectory("mount").FullName;
        var (real, target) = (Path.Combine(_folder.FullName, "real"), Path.Combine(mount, ".env"));
        await File.WriteAllTextAsync(real, Before);
        Assert.SkipUnless(await Commands.RunAsync("mount", "-t", "tmpfs", "none", mount), "needs the right to mount");
        try
        {
            await File.WriteAllTextAsync(target, Before);
            Assert.True(await Commands.RunAsync("mount", "-o", "remount,ro", mount));
            var call = Call(path: target);
            Assert.Contains("read-only", (await new FileProvider().ValidateAsync(call, default)).Reason);
            Assert.True(await Commands.RunAsync("mount", "--bind", real, target));

            // The file may be written, its folder not: enough for one that is written whole, not for the copy of others' lines.
            Assert.True((await new FileProvider().ValidateAsync(call, default)).Succeeded);
            Assert.True((await new FileProvider().DeliverAsync(call, Values("new"), default)).Succeeded);
            Assert.Contains("read-only", (await new DotEnvProvider().ValidateAsync(call, default)).Reason);
            await Commands.RunAsync("umount", target);
        }
        finally
        {
            await Commands.RunAsync("umount", mount);
        }

        Assert.Equal("new", await File.ReadAllTextAsync(real));
    }

    private async Task<bool> CrashesAsync(string type, string value, FileWrites writes)
    {
        try
        {
            IDeliverValues provider = type == "file" ? new FileProvider(writes) : new DotEnvProvider(writes);
            await provider.DeliverAsync(Call(), Values(value), default);
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private Task<StepOutcome> DeliverAsync(string type, string value) => ProviderOf(type).DeliverAsync(Call(), Values(value), default);

    private static Both ProviderOf(string type) => type == "file" ? new(new FileProvider()) : new(new DotEnvProvider());

    private static DeliveredValues Values(string value) => new(new(SecretValue.FromText(value), null, "aaa"), null, "00");

    private ProviderCall Call(string write = "in-place", string? path = null) => new(
        new ProviderSettings(
            new JsonObject { ["path"] = path ?? Target, ["keys"] = new JsonObject { ["KEY"] = "{value}" }, ["write"] = write },
            new FixedReferences(new Dictionary<string, string>())),
        "app",
        "app-1",
        1,
        1,
        TimeProvider.System);

    private sealed record Both(IProvider Provider)
    {
        public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
            ((IValidateSetup)Provider).ValidateAsync(call, cancellationToken);

        public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
            ((IDeliverValues)Provider).CaptureAsync(call, cancellationToken);

        public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
            ((IDeliverValues)Provider).DeliverAsync(call, values, cancellationToken);

        public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
            ((IDeliverValues)Provider).RestoreAsync(call, captured, cancellationToken);
    }

    private sealed class CrashException : Exception;

    /// <summary>The process ends after so many bytes and calls: nothing that comes later has an effect.</summary>
    private sealed class CrashingWrites(int budget) : FileWrites
    {
        private const int Stride = 4;
        private readonly int _budget = budget;
        private int _left = budget;

        public void Reset() => _left = _budget;

        public CrashingWrites Next() => new(_budget + Stride);

        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
        {
            base.Write(file, bytes[..Math.Min(Math.Max(_left, 0), bytes.Length)], at);
            Spend(bytes.Length);
        }

        public override void SetLength(SafeFileHandle file, long length)
        {
            Spend(Stride);
            base.SetLength(file, length);
        }

        public override void Sync(SafeFileHandle file) => Spend(Stride);

        public override void Delete(string path)
        {
            Spend(Stride);
            base.Delete(path);
        }

        private void Spend(int cost)
        {
            _left -= cost;
            if (_left < 0)
            {
                throw new CrashException();
            }
        }
    }

    /// <summary>No room for the first write, in the middle of it.</summary>
    private sealed class FullDisk : FileWrites
    {
        private bool _isFull = true;

        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
        {
            var fails = _isFull;
            _isFull = false;
            base.Write(file, fails ? bytes[..1] : bytes, at);
            if (fails)
            {
                throw new IOException("no room", 28);
            }
        }
    }
}
