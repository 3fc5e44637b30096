using System.Globalization;
using System.Text.Json;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// A key over stored rows, rotated by the real server on a real PostgreSQL while the server is killed at random moments.
/// ROTUNDA_REENCRYPT_ROWS and ROTUNDA_REENCRYPT_KILLS make it larger (a million, and 20).
/// </summary>
public sealed class ReencryptTests(ITestOutputHelper output)
{
    private static readonly int s_rows = Number("ROTUNDA_REENCRYPT_ROWS", 12_000);
    private static readonly int s_kills = Number("ROTUNDA_REENCRYPT_KILLS", 4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_random_moments_every_row_ends_under_the_new_key_and_holds_what_it_held(bool busy)
    {
        await using var scene = await ReencryptScene.StartAsync(s_rows, busy, grace: "1s");

        var id = await ApprovedAsync(scene.Server, scene.Folder);
        var kills = await KillUntilTheEndAsync(scene.Server, id, busy ? null : scene.Cluster);
        using var api = new RotundaApi(scene.Server);
        var state = await api.EndOfAsync(id);
        var view = await api.GetAsync("/api/rotations/" + id);
        output.WriteLine(
            $"{s_rows} rows, {kills} kills, {scene.Application.Writes} writes, {scene.Application.Reads} reads, moved {Moved(view)}");
        Assert.True(state == "succeeded", view.GetRawText());
        await scene.Application.DisposeAsync();

        var fresh = scene.Key;
        Assert.NotEqual(scene.Old, fresh);
        Assert.Equal("", scene.OtherKey);
        Assert.Empty(scene.Application.Failures);
        Assert.Equal(await scene.CountAsync(), await scene.Table.CheckAsync(fresh));
        if (!busy)
        {
            // Each row was written once by the batches that were committed, whatever was killed in between.
            Assert.Equal(s_rows, Moved(view));
        }

        Assert.Equal(0, await scene.LeftBehindAsync());
        Assert.DoesNotContain(fresh, scene.Server.Output + string.Concat(api.Answers), StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Old, scene.Server.Output + string.Concat(api.Answers), StringComparison.Ordinal);
        Assert.DoesNotContain("shop.example.test", scene.Server.Output + string.Concat(api.Answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_under_load_is_paused_resumed_and_rolled_back_without_one_row_that_cannot_be_read()
    {
        const int Rows = 600;
        await using var scene =
            await ReencryptScene.StartAsync(Rows, busy: true, grace: "1d", "batch: 10\n      rowsPerSecond: 150\n      slice: 1s");
        using var api = new RotundaApi(scene.Server);

        var id = await ApprovedAsync(scene.Server, scene.Folder);
        await Until.TrueAsync(
            "the migration to begin",
            async () => Progress(await api.GetAsync("/api/rotations/" + id)) is ("migrate", > 0));
        await api.ControlAsync(id, "pause");
        Assert.Equal("paused", await api.EndOfAsync(id, "paused"));
        var rows = Progress(await api.GetAsync("/api/rotations/" + id)).Rows;
        Assert.True(rows > 0);
        await api.ControlAsync(id, "resume");
        await Until.TrueAsync(
            "the migration to go on",
            async () => Progress(await api.GetAsync("/api/rotations/" + id)) is var now && (now.Step != "migrate" || now.Rows > rows));
        await api.ControlAsync(id, "rollback");
        Assert.Equal("rolled-back", await api.EndOfAsync(id));

        await scene.Application.DisposeAsync();
        output.WriteLine($"{scene.Application.Writes} writes, {scene.Application.Reads} reads");
        Assert.Empty(scene.Application.Failures);
        Assert.Equal(scene.Old, scene.Key);
        Assert.Equal(await scene.CountAsync(), await scene.Table.CheckAsync(scene.Old));
    }

    [Fact]
    public async Task Rolled_back_in_the_grace_period_rows_written_since_are_kept()
    {
        const int Rows = 2000;
        await using var scene = await ReencryptScene.StartAsync(Rows, busy: true, grace: "1d");
        using var api = new RotundaApi(scene.Server);

        var id = await ApprovedAsync(scene.Server, scene.Folder);
        Assert.Equal("grace", await api.EndOfAsync(id, "grace"));
        var before = scene.Application.Writes;
        await Until.TrueAsync("rows written with the new key", () => Task.FromResult(scene.Application.Writes > before + 50));
        await api.ControlAsync(id, "rollback");
        Assert.Equal("rolled-back", await api.EndOfAsync(id));

        await scene.Application.DisposeAsync();
        Assert.Empty(scene.Application.Failures);
        Assert.Equal(scene.Old, scene.Key);
        Assert.Equal(await scene.CountAsync(), await scene.Table.CheckAsync(scene.Old));
    }

    [Fact]
    public async Task An_emergency_takes_over_a_migration_that_is_half_done_and_leaves_nothing_of_either_behind()
    {
        const int Rows = 600;
        await using var scene = await ReencryptScene.StartAsync(Rows, busy: true, grace: "1d", "batch: 10\n      rowsPerSecond: 300");
        using var api = new RotundaApi(scene.Server);

        var planned = await ApprovedAsync(scene.Server, scene.Folder);
        await Until.TrueAsync(
            "the migration to begin",
            async () => (await api.GetAsync("/api/rotations/" + planned)).GetRawText()
                .Contains("\"stepId\":\"migrate\"", StringComparison.Ordinal));
        await Until.TrueAsync(
            "the first rows to be moved",
            async () => await scene.Cluster.ScalarAsync<long>(
                "SELECT coalesce(sum(moved), 0)::bigint FROM rotunda.lanes WHERE pass = 'migrate'") > 0);
        var superseded = scene.Key;
        var emergency = await api.RotateAsync("customer-data-key", "emergency", "INC-7");
        Assert.Equal("succeeded", await api.EndOfAsync(emergency));
        Assert.Equal("superseded", await api.EndOfAsync(planned));

        await scene.Application.DisposeAsync();
        output.WriteLine($"{scene.Application.Writes} writes, {scene.Application.Reads} reads");
        Assert.Empty(scene.Application.Failures);
        var fresh = scene.Key;
        Assert.DoesNotContain(fresh, new[] { scene.Old, superseded });
        Assert.Equal("", scene.OtherKey);
        Assert.Equal(await scene.CountAsync(), await scene.Table.CheckAsync(fresh));
        Assert.Equal(0, await scene.LeftBehindAsync());
    }

    private static (string Step, long Rows) Progress(JsonElement view) =>
        view.TryGetProperty("progress", out var progress)
            && progress.TryGetProperty("stepId", out var step)
            && progress.TryGetProperty("progress", out var done)
            ? (step.GetString()!, done.GetProperty("rows").GetInt64()) : ("", 0);

    private static long Moved(JsonElement view) => view.GetProperty("timeline").EnumerateArray()
        .Where(row => row.GetProperty("action").GetString() == "step.done"
            && row.TryGetProperty("stepId", out var step)
            && step.GetString() == "migrate")
        .Select(row => JsonSerializer.Deserialize<JsonElement>(row.GetProperty("detail").GetString()!).GetProperty("facts").GetProperty(
            "moved").GetString())
        .Select(moved => long.Parse(moved!, CultureInfo.InvariantCulture)).LastOrDefault();

    /// <summary>Starts a rotation, and has someone else approve it after the rehearsal.</summary>
    private static async Task<string> ApprovedAsync(ServerProcess server, TempFolder folder)
    {
        using var api = new RotundaApi(server);
        var id = await api.RotateAsync("customer-data-key");
        Assert.Equal("waiting-for-approval", await api.EndOfAsync(id, "waiting-for-approval"));
        var asked = "";
        await Until.TrueAsync("the approval to be asked for", async () =>
        {
            // On record first, then in the status.
            var view = await api.GetAsync("/api/rotations/" + id);
            asked = view.TryGetProperty("progress", out var progress) && progress.TryGetProperty("waitingFor", out var waiting)
                ? waiting.GetString()
                : "";
            return asked is not "";
        });
        Assert.Contains("(rows ", asked, StringComparison.Ordinal);
        var made = await ServerProcess.RunAsync(["token", "create", "approver", "--role", "approver", "--data", folder.File("data")]);
        using var approver =
            new RotundaApi(server, made.Output.Split(' ', '\n', '\r').First(word => word.StartsWith("rot_", StringComparison.Ordinal)));
        await approver.ControlAsync(id, "approve");
        return id;
    }

    /// <param name="database">Crashes with every second kill.</param>
    private static async Task<int> KillUntilTheEndAsync(ServerProcess server, string id, PostgresCluster? database)
    {
        var random = new Random(42);
        for (var kill = 1; kill <= s_kills; kill++)
        {
            // Not a pause for something to happen: the moment of the kill is what is random.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 2500)), TimeProvider.System);
            await server.KillAsync();
            if (database is not null && kill % 2 == 0)
            {
                await database.CrashAsync();
                await database.LaunchAsync();
            }

            await server.RestartAsync();
            using var api = new RotundaApi(server);
            if ((await api.GetAsync("/api/rotations/" + id)).GetProperty("rotation").GetProperty("state").GetString() == "succeeded")
            {
                return kill;
            }
        }

        return s_kills;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
