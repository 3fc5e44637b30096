using Rotunda.Engine.Storage;
using Rotunda.Orchestration;
using Rotunda.Testing.EngineFaults;

namespace Rotunda.Engine.Tests;

/// <summary>
/// The disk fails below SQLite: at the first operation, then at the second, and so on until the work is done before the
/// fault. Each time the engine must stop by itself with a reason, or not be hurt at all; and after a start on a sound disk
/// everything it acknowledged is there, and every instance ends right.
/// </summary>
public sealed class DiskFaultTests : TestBase
{
    private const int Instances = 4;

    [Theory]
    [InlineData(DiskFault.ShortWrite, false)]
    [InlineData(DiskFault.ShortWrite, true)]
    [InlineData(DiskFault.Full, false)]
    [InlineData(DiskFault.Full, true)]
    [InlineData(DiskFault.WriteError, false)]
    [InlineData(DiskFault.WriteError, true)]
    [InlineData(DiskFault.SyncError, false)]
    [InlineData(DiskFault.SyncError, true)]
    [InlineData(DiskFault.ReadError, false)]
    [InlineData(DiskFault.ReadError, true)]
    [InlineData(DiskFault.Busy, false)]
    public async Task A_failing_disk_stops_the_engine_and_loses_nothing_acknowledged(DiskFault fault, bool lasting)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "The failing file system is written for 64-bit Linux.");
        var (n, struck, stopped) = (0, true, 0);
        for (; struck; n = Next(n))
        {
            (struck, var failed) = await RunAsync(fault, n, lasting);
            stopped += failed ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{fault}{(lasting ? " for good" : " once")}: up to operation {n}, the engine stopped {stopped} times");
        // A lock that is held once is waited for; nothing else may pass unnoticed everywhere.
        Assert.True(fault == DiskFault.Busy || stopped > 0, "The fault never reached the engine.");
    }

    /// <summary>Each of the first ones, which are the openings and first commits; then wider steps, not to take minutes.</summary>
    private static int Next(int n) => n < 24 ? n + 1 : n + 5;

    private static string Id(int i) => $"w-{i}";

    private async Task<(bool Struck, bool Failed)> RunAsync(DiskFault fault, int succeeding, bool lasting)
    {
        await using var fixture = new EngineFixture(cacheSize: succeeding % 2 * 100);
        var acknowledged = new Acknowledged();
        var plan = new DiskFaultPlan(fixture.HubPath, fault, succeeding, lasting);
        bool failed;
        using (FaultyDisk.Use(plan))
        {
            failed = !await WorksAsync(fixture, fault, acknowledged);
        }

        await fixture.StartAsync(Code(), Serializer, Clock);
        await AllIsThereAsync(fixture.Client, acknowledged, $"{fault} after {succeeding}");
        return (plan.Struck > 0, failed);
    }

    /// <returns>False if the engine was hurt; then it said so.</returns>
    private async Task<bool> WorksAsync(EngineFixture fixture, DiskFault fault, Acknowledged acknowledged)
    {
        try
        {
            await fixture.StartAsync(Code(), Serializer, Clock);
            await Task.WhenAll(Enumerable.Range(0, Instances).Select(i => WorkAsync(fixture.Client, i, acknowledged)));
        }
        catch (TaskHubException failure)
        {
            Assert.False(string.IsNullOrWhiteSpace(failure.Message));
            // A look by a caller that fails is that caller's alone: the engine has nothing to take back, and goes on.
            Assert.True(fault == DiskFault.ReadError || fixture.Engine.Health.State != EngineState.Running, $"Running after: {failure}");
            Assert.True(fixture.Engine.Health.State != EngineState.Failed || fixture.Engine.Health.Reason is not null);
            return false;
        }
        finally
        {
            // Even of a failed engine it must neither throw nor hang.
            await fixture.Engine.StopAsync();
        }

        return true;
    }

    private static async Task WorkAsync(IOrchestrationClient client, int i, Acknowledged acknowledged)
    {
        await client.ScheduleNewAsync("wait", options: new StartOptions(Id(i)), cancellationToken: Token);
        acknowledged.Started(i);
        await client.RaiseEventAsync(Id(i), "go", "raised", Token);
        acknowledged.Raised(i);
        var end = await client.WaitForCompletionAsync(Id(i), Token);
        Assert.Equal("\"raised\"", end.Output);
        acknowledged.Ended(i);
    }

    private static async Task AllIsThereAsync(IOrchestrationClient client, Acknowledged acknowledged, string when)
    {
        for (var i = 0; i < Instances; i++)
        {
            var state = await client.GetAsync(Id(i), cancellationToken: Token);
            Assert.True(state is not null || !acknowledged.WasStarted(i), $"{when}: the start of {Id(i)} was acknowledged and is lost.");
            Assert.True(state is { HasEnded: true } || !acknowledged.HasEnded(i), $"{when}: the end of {Id(i)} was told and is lost.");
            if (state is null)
            {
                await client.ScheduleNewAsync("wait", options: new StartOptions(Id(i)), cancellationToken: Token);
            }

            if (!acknowledged.WasRaised(i))
            {
                // It may be there all the same: then this one stays unread, with the same payload.
                await client.RaiseEventAsync(Id(i), "go", "raised", Token);
            }

            var end = await client.WaitForCompletionAsync(Id(i), Token);
            Assert.Equal((OrchestrationStatus.Completed, "\"raised\""), (end.Status, end.Output));
        }
    }

    /// <summary>What the engine said is done.</summary>
    private sealed class Acknowledged
    {
        private readonly int[] _upTo = new int[Instances];

        public void Started(int i) => Volatile.Write(ref _upTo[i], 1);

        public void Raised(int i) => Volatile.Write(ref _upTo[i], 2);

        public void Ended(int i) => Volatile.Write(ref _upTo[i], 3);

        public bool WasStarted(int i) => _upTo[i] >= 1;

        public bool WasRaised(int i) => _upTo[i] >= 2;

        public bool HasEnded(int i) => _upTo[i] >= 3;
    }
}
