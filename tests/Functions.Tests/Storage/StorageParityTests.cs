using Rotunda.Api.Head;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests.Storage;

// In four parts, which run side by side: most of a rotation's time there is waiting for queues.

public sealed class StorageParityFirstTests : StorageParityCases
{
    [Theory]
    [MemberData(nameof(Scripts), 0, 4)]
    public Task Every_strategy_goes_the_same_way(string script) => StrategiesAsync(script);

    [Fact]
    public Task A_rejected_rotation_goes_the_same_way_back() => RejectedAsync();
}

public sealed class StorageParitySecondTests : StorageParityCases
{
    [Theory]
    [MemberData(nameof(Scripts), 1, 4)]
    public Task Every_strategy_goes_the_same_way(string script) => StrategiesAsync(script);
}

public sealed class StorageParityThirdTests : StorageParityCases
{
    [Theory]
    [MemberData(nameof(Scripts), 2, 4)]
    public Task Every_strategy_goes_the_same_way(string script) => StrategiesAsync(script);
}

public sealed class StorageParityFourthTests : StorageParityCases
{
    [Theory]
    [MemberData(nameof(Scripts), 3, 4)]
    public Task Every_strategy_goes_the_same_way(string script) => StrategiesAsync(script);

    [Fact]
    public Task Every_shape_that_the_planner_draws_goes_the_same_way() => ShapesAsync(byDefault: 8);
}

/// <summary>On the real Azure Storage backend over Azurite.</summary>
public abstract class StorageParityCases : ParityCases
{
    /// <summary>A rotation there is some two hundred requests to Azurite; the sidecar plays every strategy with every script.</summary>
    private protected override int StrategiesAtOnce => 2;

    private protected override async Task<IRotationHost> StartAsync(TaskRegistry registry) =>
        await StorageHost.StartAsync(StorageHub.New(), registry, DeskParts.Payloads);
}
