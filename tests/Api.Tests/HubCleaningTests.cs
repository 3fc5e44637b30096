using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Api.Desk;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>What has ended long ago leaves the task hub, and nothing else does.</summary>
public sealed class HubCleaningTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Only_what_has_ended_long_ago_and_is_closed_in_the_ledger_goes()
    {
        await using var host =
            await ApiHost.StartAsync(ApiHost.Policy("closed"), ApiHost.Policy("open"), ApiHost.Policy("fresh"), ApiHost.Policy("runs"));
        foreach (var secret in new[] { "closed", "open", "fresh", "runs" })
        {
            await host.Get<RotationDesk>().StartAsync(new StartRequest(secret, RotationTrigger.Manual, "x", "ada"), None);
        }

        var now = DateTimeOffset.UtcNow;
        await EndAsync(host, "closed", now.AddDays(-91), close: true);
        await EndAsync(host, "open", now.AddDays(-91), close: false);
        await EndAsync(host, "fresh", now.AddDays(-89), close: true);
        host.Engine.Instances["a-stranger"] = FakeOrchestrationClient.State("a-stranger", OrchestrationStatus.Completed);

        Assert.Equal(1, await Cleaning(host).RunAsync(None));
        Assert.Equal(0, await Cleaning(host).RunAsync(None));

        Assert.Equal(["a-stranger", "fresh-1", "open-1", "runs-1"], host.Engine.Instances.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(RotationState.Cancelled, (await host.Ledger.GetRotationAsync("closed-1", None))!.State);
    }

    [Fact]
    public async Task Every_page_is_looked_at()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("zz"));
        await host.Get<RotationDesk>().StartAsync(new StartRequest("zz", RotationTrigger.Manual, "x", "ada"), None);
        await EndAsync(host, "zz", DateTimeOffset.UnixEpoch, close: true);
        for (var number = 0; number < 450; number++)
        {
            host.Engine.Instances[$"a-{number}"] = FakeOrchestrationClient.State($"a-{number}", OrchestrationStatus.Failed);
        }

        Assert.Equal(1, await Cleaning(host).RunAsync(None));
    }

    private static HubCleaning Cleaning(ApiHost host) =>
        new(
            host.Engine,
            host.Ledger,
            new HubCleaningOptions(HubCleaningOptions.KeepByDefault),
            TimeProvider.System,
            NullLogger<HubCleaning>.Instance);

    private static async Task EndAsync(ApiHost host, string secret, DateTimeOffset at, bool close)
    {
        var id = secret + "-1";
        host.Engine.Instances[id] = FakeOrchestrationClient.State(id, OrchestrationStatus.Completed) with { LastUpdatedAt = at };
        if (close)
        {
            await host.Ledger.RecordStateAsync(
                new RecordInput(id, 1, 1, RotationState.Cancelled, RotationActions.Cancelled, "ada", null, null),
                None);
        }
    }
}
