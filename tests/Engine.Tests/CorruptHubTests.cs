using Rotunda.Files;
using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>A damaged hub is refused by name, with what is wrong and what to do, and stays exactly as it was.</summary>
public sealed class CorruptHubTests : TestBase
{
    private const int PageSize = 4096;

    [Fact]
    public async Task Any_damaged_page_is_refused_and_nothing_is_written()
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(Fixture.HubPath, Token);
        var pages = sound.Length / PageSize;
        Assert.InRange(pages, 20, 1000);
        // The first page's first 100 bytes are the file's header.
        for (var page = 0; page < pages; page++)
        {
            var damaged = (byte[])sound.Clone();
            Array.Fill(damaged, (byte)0xA5, (page * PageSize) + (page == 0 ? 100 : 0), 64);
            await RefusedAsync(damaged, $"page {page + 1} of {pages}");
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_hub_that_was_cut_off_is_refused(double part)
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(Fixture.HubPath, Token);

        await RefusedAsync(sound[..((int)(sound.Length * part) / PageSize * PageSize)], $"{part:P0} of the file");
    }

    [Fact]
    public async Task An_index_that_misses_a_row_is_refused()
    {
        await FillAsync();
        using (var connection = Rotunda.Files.SqliteFile.Open(Fixture.HubPath))
        {
            // As after a lost write of an index page: the row is there and cannot be found by its id.
            connection.Run("""
                PRAGMA writable_schema=ON;
                UPDATE sqlite_master SET sql = 'CREATE UNIQUE INDEX instances_id ON instances(name || id)' WHERE name = 'instances_id';
                """);
        }

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());

        Assert.Contains("instances_id", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_without_its_hub_is_refused_and_kept(bool emptied)
    {
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("waiting"), cancellationToken: Token);
        var log = await ReadSharedAsync(Fixture.HubPath + "-wal");
        await Fixture.Engine.StopAsync();
        File.Delete(Fixture.HubPath);
        if (emptied)
        {
            await File.WriteAllBytesAsync(Fixture.HubPath, [], Token);
        }

        await File.WriteAllBytesAsync(Fixture.HubPath + "-wal", log, Token);

        var refused = await Assert.ThrowsAsync<TaskHubException>(() => StartAsync());

        Assert.Contains(emptied ? "is empty" : "is missing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(log, await File.ReadAllBytesAsync(Fixture.HubPath + "-wal", Token));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, Token);
        return content;
    }

    private async Task FillAsync()
    {
        await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await Client.ScheduleNewAsync("wait", new string('x', 6000), new StartOptions($"waiting-{i}"), Token);
            await Client.WaitForCompletionAsync(await Client.ScheduleNewAsync("steps", 5, cancellationToken: Token), Token);
        }

        // A stop writes the log back into the file.
        await Fixture.Engine.StopAsync();
    }

    private async Task RefusedAsync(byte[] damaged, string what)
    {
        await File.WriteAllBytesAsync(Fixture.HubPath, damaged, Token);
        try
        {
            await StartAsync();
            await Fixture.Engine.StopAsync();
        }
        catch (TaskHubException refused)
        {
            Assert.Contains(Fixture.HubPath, refused.Message, StringComparison.Ordinal);
            Assert.Contains("is corrupt", refused.Message, StringComparison.Ordinal);
            Assert.Contains("restore a backup", refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(Fixture.HubPath, Token));
            return;
        }

        Assert.Fail($"Damage was not noticed: {what}.");
    }
}
