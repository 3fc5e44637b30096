using Rotunda.Engine.Storage;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>Copies of a hub in use.</summary>
public sealed class BackupTests : TestBase
{
    private const int Writers = 4;

    private string Target => Path.Combine(Path.GetDirectoryName(Fixture.HubPath)!, "backup.db");

    [Fact]
    public async Task A_backup_under_load_is_whole_and_everything_in_it_goes_on_to_its_end()
    {
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("before"), cancellationToken: Token);
        using var enough = new CancellationTokenSource();
        var started = 0;
        var load = Enumerable.Range(
            0,
            Writers).Select(w => Task.Run(() => LoadAsync(w, () => Interlocked.Increment(ref started), enough.Token), Token)).ToList();
        for (var round = 0; round < 3; round++)
        {
            // More must have been started since the last one, so that each is taken between commits.
            await UntilAsync(() => Volatile.Read(ref started) >= (round + 1) * 20);
            File.Delete(Target);
            await Fixture.Engine.BackupAsync(Target, Token);
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await Client.RaiseEventAsync("before", "go", "original", Token);
        Assert.Equal("\"original\"", (await Client.WaitForCompletionAsync("before", Token)).Output);
        await Fixture.Engine.StopAsync();

        await ContinuesAsync(Target);
    }

    [Fact]
    public async Task A_hub_can_be_backed_up_by_another_process_and_after_a_crash()
    {
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("before"), cancellationToken: Token);
        await Fixture.CrashAsync();

        await HubBackup.CopyAsync(Fixture.HubPath, Target, Token);

        await ContinuesAsync(Target);
    }

    [Fact]
    public async Task A_backup_never_overwrites_and_leaves_nothing_behind_when_it_fails()
    {
        await StartAsync();
        await File.WriteAllTextAsync(Target, "precious", Token);

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => Fixture.Engine.BackupAsync(Target, Token));
        await Assert.ThrowsAsync<TaskHubException>(() => Fixture.Engine.BackupAsync("/no/such/folder/backup.db", Token));
        await Assert.ThrowsAsync<TaskHubException>(() => HubBackup.CopyAsync(Fixture.HubPath + ".none", Target + ".none", Token));

        Assert.Contains("never overwrites", refused.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Target, Token));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!, "*.partial*"));
        Assert.Equal(EngineState.Running, Fixture.Engine.Health.State);
    }

    [Fact]
    public async Task Only_the_owner_may_read_a_backup()
    {
        await StartAsync();

        await Fixture.Engine.BackupAsync(Target, Token);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task LoadAsync(int writer, Action started, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            await Client.ScheduleNewAsync("wait", options: new StartOptions($"wait-{writer}-{i}"), cancellationToken: Token);
            var steps = await Client.ScheduleNewAsync("steps", 3, cancellationToken: Token);
            started();
            if (i % 2 == 0)
            {
                await Client.RaiseEventAsync($"wait-{writer}-{i}", "go", "early", Token);
                await Client.WaitForCompletionAsync(steps, Token);
            }
        }
    }

    private async Task ContinuesAsync(string backup)
    {
        Fixture.Configure = options => options with { HubPath = backup };
        await StartAsync();
        var all = (await Client.QueryAsync(new OrchestrationQuery(PageSize: 1000), Token)).Instances;
        Assert.Contains(all, i => i.InstanceId == "before");
        foreach (var instance in all)
        {
            if (instance.Name == "wait" && !instance.HasEnded)
            {
                await Client.RaiseEventAsync(instance.InstanceId, "go", "restored", Token);
            }

            var end = await Client.WaitForCompletionAsync(instance.InstanceId, Token);
            Assert.Equal(OrchestrationStatus.Completed, end.Status);
            Assert.Contains(end.Output, (string?[])(instance.Name == "steps" ? ["3"] : ["\"early\"", "\"restored\""]));
        }

        using var connection = SqliteFile.Open(backup);
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", check.ExecuteScalar());
    }
}
