using System.Text.Json.Nodes;
using Rotunda.Api.Desk;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>A login that is replaced in place, and by which Rotunda comes in for other secrets, does not move side by side with
/// them.</summary>
public sealed class DoorTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_door_and_what_lies_behind_it_do_not_move_side_by_side()
    {
        await using var host = await HostAsync();
        var desk = host.Get<RotationDesk>();
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync(desk, "z-door")).Kind);

        var refused = await StartAsync(desk, "a-behind");
        Assert.Equal((StartOutcomeKind.Conflict, "z-door-1"), (refused.Kind, refused.RotationId));
        Assert.Contains("is the door by which Rotunda comes in to the other", refused.Message);
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync(desk, "m-elsewhere")).Kind);

        await host.Ledger.RecordStateAsync(
            new RecordInput("z-door-1", 1, 1, RotationState.Succeeded, RotationActions.Succeeded, "rotunda", null, null), None);
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync(desk, "a-behind")).Kind);

        // And the other way round: what lies behind needs the door to its end.
        var other = await StartAsync(desk, "z-door");
        Assert.Equal((StartOutcomeKind.Conflict, "a-behind-1"), (other.Kind, other.RotationId));
    }

    [Fact]
    public async Task An_emergency_does_not_wait_and_the_schedule_takes_the_door_first()
    {
        await using var host = await HostAsync();
        var desk = host.Get<RotationDesk>();
        await StartAsync(desk, "z-door");

        var emergency = await desk.StartAsync(
            new StartRequest("a-behind", RotationTrigger.Emergency, "leaked", "ada", Incident: "INC-1"), None);

        Assert.Equal(StartOutcomeKind.Started, emergency.Kind);
        Assert.Equal("a-behind", host.Get<DoorOrder>().InOrder(host.Catalog)[^1].Name);
    }

    private static Task<StartOutcome> StartAsync(RotationDesk desk, string secret) =>
        desk.StartAsync(new StartRequest(secret, RotationTrigger.Manual, "x", "ada"), None);

    /// <summary>The door's target is the file that the other secret's target reads its kubeconfig from.</summary>
    private static Task<ApiHost> HostAsync()
    {
        var door = Path.Combine(Path.GetTempPath(), $"rotunda-door-{Guid.NewGuid():N}");
        return ApiHost.StartAsync(
            ApiHost.Policy("z-door") with
            {
                Strategy = Strategy.InPlace, Targets = [Target("file", new JsonObject { ["path"] = door })],
            },
            ApiHost.Policy("a-behind") with
            {
                Targets =
                [
                    Target("kubernetes-secret", new JsonObject
                    {
                        ["kubeconfig"] = $"file:{door}", ["secret"] = "app", ["keys"] = new JsonObject { ["KEY"] = "{value}" },
                    }),
                ],
            },
            ApiHost.Policy("m-elsewhere"));
    }

    private static TargetBinding Target(string type, JsonObject settings) =>
        new("env", new ProviderBinding(type, settings), 0, TimeSpan.FromMinutes(5));
}
