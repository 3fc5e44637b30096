using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Which secrets let others go first, over the real ledger.</summary>
public sealed class ScheduleHoldsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RotationGroup One = new("payments", 1, ["b"]);

    [Fact]
    public async Task Of_a_group_one_rotates_at_a_time_and_the_order_says_which()
    {
        await using var host = await ApiHost.StartAsync(In("a"), In("b"), In("c"));

        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.Equal(["b-1"], await StartedAsync(host));
        var why = Assert.IsType<JsonArray>((await NextAsync(host, "a"))["why"]);
        Assert.Equal("its group payments rotates 1 at once, and b-1 is under way", (string?)Assert.Single(why));
        using var client = host.Client(Role.Viewer);
        var secret = await client.GetFromJsonAsync<JsonObject>("/api/secrets/a", None);
        Assert.StartsWith("Due, and waits: its group payments", (string?)secret!["summary"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_lets_two_rotate_lets_two()
    {
        await using var host =
            await ApiHost.StartAsync([.. new[] { "a", "b", "c" }.Select(name => In(name) with { Group = One with { AtOnce = 2 } })]);

        await host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.Equal(["a-1", "b-1"], await StartedAsync(host));
    }

    [Fact]
    public async Task Production_waits_for_staging_and_for_what_it_shows()
    {
        var production = Due("prod") with { After = new PrecedingSecret("staging", TimeSpan.FromDays(2)) };
        var staging = ApiHost.Policy("staging") with { Interval = null };
        await using var host = await ApiHost.StartAsync(production, staging);

        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        Assert.Empty(await StartedAsync(host));
        Assert.Equal("staging has to rotate first", (string?)(await NextAsync(host, "prod"))["why"]![0]);

        await RotateAsync(host, "staging");
        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        Assert.DoesNotContain("prod-1", await StartedAsync(host));
        var run = await NextAsync(host, "prod");
        var rotated = (await host.Ledger.GetSecretAsync("staging", None))!.LastRotatedAt!.Value;
        Assert.StartsWith("staging rotated at", (string?)run["why"]![0], StringComparison.Ordinal);
        Assert.Equal(rotated.AddDays(2), (DateTimeOffset)run["startsAt"]!);

        host.SetCatalog(production with { After = new PrecedingSecret("staging", TimeSpan.Zero) }, staging);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        Assert.Contains("prod-1", await StartedAsync(host));
    }

    [Fact]
    public async Task Staging_in_its_grace_period_shows_nothing_yet()
    {
        var staging = ApiHost.Policy("staging") with { Interval = null };
        await using var host = await ApiHost.StartAsync(
            Due("prod") with { After = new PrecedingSecret("staging", TimeSpan.Zero) }, staging);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        using var client = host.Client(Role.Operator);
        using var started = await client.PostAsJsonAsync("/api/rotations", new { secret = "staging", reason = "a test" }, None);
        var minting = await host.Ledger.BeginMintAsync("staging-1", null, None);
        await host.Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "staging", "1"), None);
        await host.Ledger.PromoteAsync("staging-1", None);

        await host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.DoesNotContain("prod-1", await StartedAsync(host));
        Assert.EndsWith(
            "and that has to succeed first (staging-1 is under way)", (string?)(await NextAsync(host, "prod"))["why"]![0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count=0")]
    [InlineData("count=1001")]
    [InlineData("count=many")]
    [InlineData("secret=nobody")]
    [InlineData("secrets=a")]
    public async Task What_cannot_be_told_is_refused(string query)
    {
        await using var host = await ApiHost.StartAsync(Due("a"));
        using var client = host.Client(Role.Viewer);
        using var answer = await client.GetAsync(new Uri($"/api/next?{query}", UriKind.Relative), None);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
    }

    private static Policy Due(string name) => ApiHost.Policy(name) with { Interval = TimeSpan.FromMilliseconds(1) };

    private static Policy In(string name) => Due(name) with { Group = One };

    private static async Task RotateAsync(ApiHost host, string secret)
    {
        using var client = host.Client(Role.Operator);
        using var started = await client.PostAsJsonAsync("/api/rotations", new { secret, reason = "a test" }, None);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await host.Ledger.RecordStateAsync(
            new RecordInput($"{secret}-1", 1, 1, RotationState.Succeeded, RotationActions.Succeeded, "rotunda", null, null), None);
    }

    private static async Task<JsonNode> NextAsync(ApiHost host, string secret)
    {
        using var client = host.Client(Role.Viewer);
        return (await client.GetFromJsonAsync<JsonNode>($"/api/next?secret={secret}&count=1", None))!["runs"]![0]!;
    }

    private static async Task<IEnumerable<string>> StartedAsync(ApiHost host) =>
        (await host.Ledger.ListRotationsAsync(new RotationFilter(), None)).Select(rotation => rotation.Id).Order(StringComparer.Ordinal);
}
