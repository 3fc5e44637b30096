using Microsoft.Data.Sqlite;
using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>What can be wrong with the hub file, and what happens when it cannot be written.</summary>
public sealed class HubTests : TestBase
{
    [Fact]
    public async Task A_second_engine_on_the_same_hub_is_refused()
    {
        await StartAsync();
        await using var second = NewEngine();

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => second.StartAsync(Token));

        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Fixture.HubPath + ".lock", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        await using var engine = new DurableEngine(new EngineOptions { HubPath = "/no/such/folder/hub.db" }, Code(), Serializer);

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => engine.StartAsync(Token));

        Assert.Contains("/no/such/folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_is_free_again_after_a_stop_and_after_a_refusal()
    {
        await StartAsync();
        await Fixture.Engine.StopAsync();
        Assert.Equal(EngineState.Stopped, Fixture.Engine.Health.State);
        SetVersion(99);
        await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());
        SetVersion(1);

        await StartAsync();

        Assert.Equal(EngineState.Running, Fixture.Engine.Health.State);
    }

    [Fact]
    public async Task A_hub_of_a_newer_version_is_refused_and_left_alone()
    {
        await StartAsync();
        await Fixture.Engine.StopAsync();
        SetVersion(99);
        var before = await File.ReadAllBytesAsync(Fixture.HubPath, Token);

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());

        Assert.Contains("newer version (schema 99", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Fixture.HubPath, Token));
    }

    [Fact]
    public async Task A_file_that_is_no_hub_is_refused()
    {
        await File.WriteAllTextAsync(Fixture.HubPath, string.Concat(Enumerable.Repeat("not a database. ", 100)), Token);
        await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());
    }

    [Fact]
    public async Task Another_database_is_refused()
    {
        using (var other = SqliteFile.Open(Fixture.HubPath))
        {
            other.Run("CREATE TABLE ledger(id INTEGER)");
        }

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());

        Assert.Contains("not a task hub", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_fails_the_calls_loses_nothing_acknowledged_and_says_why()
    {
        Fixture.Configure = options => options with { MaxPages = 60 };
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("waiting"), cancellationToken: Token);
        var acknowledged = new List<string>();
        var refused = await Assert.ThrowsAsync<TaskHubException>(async () =>
        {
            for (var i = 0; ; i++)
            {
                await Client.ScheduleNewAsync("wait", new string('x', 4000), new StartOptions($"filler-{i}"), Token);
                acknowledged.Add($"filler-{i}");
            }
        });

        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(EngineState.Failed, Fixture.Engine.Health.State);
        Assert.Contains("full", Fixture.Engine.Health.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TaskHubException>(() => Client.RaiseEventAsync("waiting", "go", cancellationToken: Token));
        await Assert.ThrowsAsync<TaskHubException>(() => Client.TerminateAsync("waiting", cancellationToken: Token));

        await Fixture.Engine.StopAsync();
        Fixture.Configure = options => options;
        await StartAsync();
        Assert.NotEmpty(acknowledged);
        var kept = (await Client.QueryAsync(new OrchestrationQuery(InstanceIdPrefix: "filler-", PageSize: 1000), Token)).Instances;
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), kept.Select(i => i.InstanceId));
        await Client.RaiseEventAsync("waiting", "go", "done", Token);
        Assert.Equal("\"done\"", (await Client.WaitForCompletionAsync("waiting", Token)).Output);
    }

    [Fact]
    public async Task A_disk_that_is_really_full_is_the_same()
    {
        // A folder on a file system of a few megabytes, for example: mount -t tmpfs -o size=2m tmpfs /mnt/small
        var folder = Environment.GetEnvironmentVariable("ROTUNDA_SMALL_DISK");
        Assert.SkipUnless(folder is not null, "ROTUNDA_SMALL_DISK names no folder on a small disk.");
        var hub = Path.Combine(folder!, $"{Guid.NewGuid():N}.db");
        Fixture.Configure = options => options with { HubPath = hub };
        await StartAsync();
        var acknowledged = new List<string>();
        await Assert.ThrowsAsync<TaskHubException>(async () =>
        {
            while (true)
            {
                acknowledged.Add(await Client.ScheduleNewAsync("wait", new string('x', 4000), cancellationToken: Token));
            }
        });

        Assert.Equal(EngineState.Failed, Fixture.Engine.Health.State);
        await Fixture.Engine.StopAsync();
        var elsewhere = Path.Combine(Path.GetDirectoryName(Fixture.HubPath)!, "copy.db");
        foreach (var file in Directory.GetFiles(folder!, Path.GetFileName(hub) + "*")
            .Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Move(file, elsewhere + file[hub.Length..]);
        }

        Fixture.Configure = options => options with { HubPath = elsewhere };
        await StartAsync();
        foreach (var id in acknowledged)
        {
            await Client.RaiseEventAsync(id, "go", "done", Token);
            Assert.Equal("\"done\"", (await Client.WaitForCompletionAsync(id, Token)).Output);
        }
    }

    [Fact]
    public async Task Those_who_wait_are_told_when_the_hub_fails()
    {
        var dead = false;
        Fixture.Configure = options => options with { CrashPoint = _ => ThrowIf(dead) };
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("waiting"), cancellationToken: Token);
        var waiting = Client.WaitForCompletionAsync("waiting", Token);

        dead = true;
        await Assert.ThrowsAsync<TaskHubException>(() => Client.RaiseEventAsync("waiting", "go", "done", Token));

        await Assert.ThrowsAsync<TaskHubException>(() => waiting);
    }

    [Fact]
    public async Task Purged_space_is_used_again()
    {
        await StartAsync();
        var sizes = new List<long>();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 50; i++)
            {
                var id = await Client.ScheduleNewAsync("steps", 10, cancellationToken: Token);
                await Client.WaitForCompletionAsync(id, Token);
            }

            await Client.PurgeAsync(new PurgeFilter(), Token);
            sizes.Add(Pages());
        }

        Assert.True(sizes[5] <= sizes[1] + 2, string.Join(", ", sizes));
    }

    private static void ThrowIf(bool dead)
    {
        if (dead)
        {
            throw new IOException("the disk is gone");
        }
    }

    private DurableEngine NewEngine() => new(new EngineOptions { HubPath = Fixture.HubPath }, Code(), Serializer);

    [Fact]
    public async Task The_lock_is_its_owner_s_alone_as_the_hub_is()
    {
        await StartAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Fixture.HubPath + ".lock"));
        }
    }

    private void SetVersion(int version)
    {
        using var connection = SqliteFile.Open(Fixture.HubPath);
        connection.Run($"PRAGMA user_version={version}");
    }

    private long Pages()
    {
        using SqliteConnection connection = SqliteFile.Open(Fixture.HubPath);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA page_count";
        return (long)command.ExecuteScalar()!;
    }
}
