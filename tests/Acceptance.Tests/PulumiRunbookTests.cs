using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// The runbook docs/runbooks/github-pulumi-esc.md, whole: a new token → GitHub organisation secret → sync workflow → Pulumi ESC
/// confirmed → consumers restarted and verified → grace and evidence → the old token revoked.
/// </summary>
public sealed class PulumiRunbookTests(ITestOutputHelper output)
{
    private const string Secret = "pulumi-token";

    [Fact]
    public async Task A_new_token_reaches_its_consumers_by_way_of_GitHub_and_ESC_and_the_old_one_ends()
    {
        await using var world = await PulumiWorld.StartAsync();
        using var folder = new TempFolder();
        world.GitHub.Work = world.Sync;
        await using var server = await StartAsync(world, folder);
        using var api = new RotundaApi(server);

        var tokens = new List<string> { PulumiWorld.OldToken };
        for (var rotation = 1; rotation <= 2; rotation++)
        {
            world.GitHub.LooksUntilEnd = 2;
            Assert.Equal("succeeded", await api.RotateToEndAsync(Secret));
            var live = Assert.Single(world.Tokens.Live);
            Assert.Matches($"^rotunda-{Secret}-{rotation}-[0-9a-f]{{6}}$", live.Description);
            Assert.Equal((live.Value, live.Value), (world.InGitHub, world.InEsc));
            tokens.Add(live.Value);
        }

        var gitHub = world.GitHub.Stands[PulumiWorld.SecretName];
        Assert.Equal(("selected", 2), (gitHub.Visibility, gitHub.Writes));
        Assert.Equal([11L, 12L], gitHub.Repositories);
        Assert.Equal(3, tokens.Distinct(StringComparer.Ordinal).Count());
        var timeline = (await api.GetAsync($"/api/rotations/{Secret}-2")).GetRawText();
        Assert.Contains(world.GitHub.Runs[1].Link, timeline, StringComparison.Ordinal);
        Assert.Matches("revision\\W{1,20}3\\D", Regex.Unescape(timeline));
        await CheckAsync(world, server, api, tokens);
    }

    [Theory]
    [InlineData("before it wrote")]
    [InlineData("after it wrote")]
    public async Task A_sync_that_fails_half_way_leaves_the_old_token_everywhere_and_ends_the_new_one(string when)
    {
        await using var world = await PulumiWorld.StartAsync();
        using var folder = new TempFolder();
        var tokens = new List<string> { PulumiWorld.OldToken };
        world.GitHub.Work = run =>
        {
            if (run != world.GitHub.Runs[0])
            {
                return world.Sync(run);
            }

            tokens.Add(run.Secrets[PulumiWorld.SecretName].Value);
            if (when == "after it wrote")
            {
                world.Sync(run);
            }

            return "failure";
        };
        await using var server = await StartAsync(world, folder);
        using var api = new RotundaApi(server);

        Assert.Equal("rolled-back", await api.RotateToEndAsync(Secret));

        Assert.Equal((PulumiWorld.OldToken, PulumiWorld.OldToken), (world.InGitHub, world.InEsc));
        Assert.Equal(PulumiWorld.OldToken, Assert.Single(world.Tokens.Live).Value);
        Assert.Equal(["failure", "success"], world.GitHub.Runs.Select(run => run.Conclusion));
        var rotation = await api.GetAsync($"/api/rotations/{Secret}-1");
        Assert.Contains(
            world.GitHub.Runs[0].Link,
            rotation.GetProperty("rotation").GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("Wait until esc has the old value again", rotation.GetRawText(), StringComparison.Ordinal);

        // The way forward is open again.
        Assert.Equal("succeeded", await api.RotateToEndAsync(Secret));
        Assert.Equal(world.InEsc, Assert.Single(world.Tokens.Live).Value);
        tokens.Add(world.InEsc);
        await CheckAsync(world, server, api, tokens);
    }

    [Fact]
    public async Task A_run_that_was_given_up_while_it_waited_for_a_runner_never_writes_the_token_that_ended()
    {
        await using var world = await PulumiWorld.StartAsync();
        using var folder = new TempFolder();
        world.GitHub.Work = world.Sync;
        world.GitHub.HasRunner = run => run != world.GitHub.Runs[0];
        world.GitHub.LooksUntilCancelled = 2;
        await using var server = await StartAsync(world, folder);
        using var api = new RotundaApi(server);
        var id = await api.RotateAsync(Secret);
        await server.UntilAsync(
            () => Task.FromResult(server.Output.Contains("is 'queued'", StringComparison.Ordinal)),
            "the run is waited for");
        var given = world.GitHub.Runs[0].Secrets[PulumiWorld.SecretName].Value;

        await api.ControlAsync(id, "rollback");
        Assert.Equal("rolled-back", await api.EndOfAsync(id));

        // Now there is a runner, and the new token has ended.
        world.GitHub.GiveRunner(world.GitHub.Runs[0]);
        Assert.Equal(["cancelled", "success"], world.GitHub.Runs.Select(run => run.Conclusion));
        Assert.Equal((PulumiWorld.OldToken, PulumiWorld.OldToken), (world.InGitHub, world.InEsc));
        Assert.Equal(PulumiWorld.OldToken, Assert.Single(world.Tokens.Live).Value);
        await CheckAsync(world, server, api, [PulumiWorld.OldToken, given]);
    }

    [Fact]
    public async Task A_power_cut_at_any_outside_call_changes_nothing_of_that()
    {
        await using var world = await PulumiWorld.StartAsync();
        using var folder = new TempFolder();
        world.GitHub.Work = world.Sync;
        var (arm, log) = (folder.File("arm"), folder.File("points.log"));
        await using var server = await StartAsync(world, folder, ("ROTUNDA_CRASH_ARM", arm), ("ROTUNDA_CRASH_LOG", log));
        using (var first = new RotundaApi(server))
        {
            Assert.Equal("succeeded", await first.RotateToEndAsync(Secret));
            await File.WriteAllTextAsync(arm, $"{int.MaxValue}");
            Assert.Equal("succeeded", await first.RotateToEndAsync(Secret));
        }

        // The first of each kind: the polls of a gate may be more or fewer another time.
        var points = (await File.ReadAllLinesAsync(log)).Index()
            .Where(point => point.Item.EndsWith("outside.after:Issue", StringComparison.Ordinal)
                || point.Item.EndsWith("outside.after:Deliver", StringComparison.Ordinal)
                || point.Item.EndsWith("outside.after:ConfirmSync", StringComparison.Ordinal))
            .Select(point => point.Index + 1).ToList();
        Assert.True(points.Count >= 5, string.Join(' ', points));
        await server.KillAsync();
        foreach (var point in points)
        {
            File.Delete(log);
            await KillAtAsync(server, arm, point);
            Assert.True(File.ReadLines(log).Count() == point, $"It was not killed at point {point}.");
            Assert.Equal((world.InEsc, world.InEsc), (world.InGitHub, Assert.Single(world.Tokens.Live).Value));
        }

        output.WriteLine($"{points.Count} kills, {world.GitHub.Runs.Count} runs of the workflow");
        world.AssertClean();
        Assert.Empty(world.Failures);
    }

    private static async Task KillAtAsync(ServerProcess server, string arm, int point)
    {
        File.Delete(arm);
        await server.RestartAsync();
        await File.WriteAllTextAsync(arm + ".new", point.ToString(CultureInfo.InvariantCulture));
        File.Move(arm + ".new", arm);
        var key = $"kill-{point}";
        using (var api = new RotundaApi(server))
        {
            await Assert.ThrowsAsync<HttpRequestException>(async () => await api.EndOfAsync(await api.RotateAsync(Secret, key: key)));
        }

        await server.WaitForExitAsync();
        File.Delete(arm);
        await server.RestartAsync();
        using var again = new RotundaApi(server);
        var id = await again.RotateAsync(Secret, key: key);
        var state = await again.EndOfAsync(id);
        Assert.True(
            state == "succeeded",
            $"Killed at point {point}, {id} ended {state}.\n{(await again.GetAsync("/api/rotations/" + id)).GetRawText()}");
        await server.KillAsync();
    }

    private async Task CheckAsync(PulumiWorld world, ServerProcess server, RotundaApi api, IReadOnlyList<string> tokens)
    {
        await server.KillAsync();
        world.AssertClean();
        output.WriteLine($"{world.Calls} calls by the service, {world.Failures.Count} refused");
        Assert.Empty(world.Failures);
        Assert.True(world.Calls > 100, "The service did not run.");
        Assert.Empty(Leaks.Find(Encoding.UTF8.GetBytes(server.Output + string.Join('\n', api.Answers)), tokens));
    }

    private static Task<ServerProcess> StartAsync(PulumiWorld world, TempFolder folder, params (string Name, string Value)[] more)
    {
        var environment = PulumiWorld.Environment;
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            folder.Write("catalog.yaml", world.Catalog),
            "1h",
            environment));
    }
}
