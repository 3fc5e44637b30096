using System.Diagnostics.Metrics;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Waiting until it is there, and the way back from where nothing can be read.</summary>
public sealed class ArrivalTests : IDisposable
{
    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Arrival_takes_as_many_confirmations_in_a_row_as_the_target_wants()
    {
        await DeliveredAsync();
        foreach (var look in new[] { true, true, false })
        {
            _harness.World.Looks.Enqueue(look);
        }

        var first = await ThroughPausesAsync(_harness.RunAsync(Confirm));
        Assert.Equal(StepOutcomeKind.RetryLater, first.Kind);
        Assert.Equal("a replica has the old value (After 2 of 3 confirmations in a row.)", first.Reason);

        var calls = _harness.World.Calls;
        Assert.Equal(StepOutcomeKind.Done, (await ThroughPausesAsync(_harness.RunAsync(Confirm, attempt: 2))).Kind);
        Assert.Equal(3, _harness.World.Calls - calls);
    }

    [Fact]
    public async Task How_long_it_took_is_in_the_timeline_and_in_a_histogram()
    {
        var seen = new List<(double Seconds, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "rotunda.sync.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => seen.Add(
            (seconds, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        await DeliveredAsync("arrival-time");
        _harness.Time.Advance(TimeSpan.FromSeconds(90));

        var outcome = await ThroughPausesAsync(_harness.RunAsync(Plans.Step("ConfirmSync", "cloud", "arrival-time")));

        Assert.Equal("94s", outcome.Facts!["arrivedAfter"]);
        Assert.Contains((94.0, "target=cloud"), seen);
    }

    [Fact]
    public async Task Where_nothing_can_be_read_the_value_in_use_is_delivered_again()
    {
        await DeliveredAsync();
        Assert.Null(await _harness.Ledger.GetCaptureAsync(_harness.Plan.RotationId, "env", default));
        Assert.NotEqual("the-old-value", _harness.World.Target);

        var undo = Plans.Undo("Redeliver", "cloud", "env") with
        {
            Settings = new Dictionary<string, string> { [StepSettings.Primary] = StepSettings.Old, [StepSettings.Unreadable] = "true" },
        };
        Assert.True((await _harness.RunAsync(Deliver(), undo)).Succeeded);
        Assert.Equal("the-old-value", _harness.World.Target);
    }

    [Fact]
    public async Task A_delivery_is_told_of_those_before_it_in_this_rotation_and_the_last_ones()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await _harness.StartAsync(Strategy.Overlap);
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "generated"))).Succeeded);
        _harness.World.LoseAnswerOf = 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(Deliver())).Kind);
        Assert.Empty(_harness.World.Earlier);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await _harness.RunAsync(Deliver(), attempt: 2)).Succeeded);
        var lost = Assert.Single(_harness.World.Earlier);
        Assert.Equal((false, 0, _harness.Time.GetUtcNow() - TimeSpan.FromMinutes(1)), (lost.IsSettled, lost.Facts.Count, lost.EndedAt));

        var undo = Plans.Undo("Redeliver", "cloud", "env") with
        {
            Settings = new Dictionary<string, string> { [StepSettings.Primary] = StepSettings.Old, [StepSettings.Unreadable] = "true" },
        };
        Assert.True((await _harness.RunAsync(Deliver("other"))).Succeeded);
        Assert.True((await _harness.RunAsync(Deliver(), undo)).Succeeded);
        Assert.Equal([true, false], _harness.World.Earlier.Select(delivery => delivery.IsSettled));
        Assert.Equal(("2", "env"), (_harness.World.Earlier[0].Facts["run"], _harness.World.Earlier[0].Facts["target"]));

        await _harness.StartAsync(Strategy.Overlap, supersede: true);
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "generated"))).Succeeded);
        Assert.True((await _harness.RunAsync(Deliver())).Succeeded);
        Assert.Equal(["4", "2", null], _harness.World.Earlier.Select(delivery => delivery.Facts.GetValueOrDefault("run")));
    }

    [Fact]
    public async Task The_way_back_is_told_of_the_last_delivery()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await _harness.StartAsync(Strategy.Overlap);
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "generated"))).Succeeded);
        var step = Plans.Step("Deliver", "target", "env");
        var delivered = await _harness.RunAsync(step);

        Assert.True((await _harness.RunAsync(step, Plans.Undo("Redeliver", "target", "env"))).Succeeded);

        Assert.Equal(delivered.Facts, _harness.World.RestoredAfter);
        Assert.Equal("the-old-value", _harness.World.Target);
    }

    [Fact]
    public async Task A_restart_is_told_when_it_was_begun_first_since_the_last_delivery()
    {
        await DeliveredAsync();
        var step = Plans.Step("RestartConsumers", "target", "app");
        var began = _harness.Time.GetUtcNow();
        _harness.World.LoseAnswerOf = _harness.World.Calls + 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(step)).Kind);
        _harness.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.True((await _harness.RunAsync(step, attempt: 2)).Succeeded);
        Assert.Equal(began, _harness.World.RestartBegan);

        // Done, and done again: that is another time.
        Assert.True((await _harness.RunAsync(step)).Succeeded);
        Assert.Equal(_harness.Time.GetUtcNow(), _harness.World.RestartBegan);

        // The same step with another value: what was restarted with the one before does not count.
        _harness.World.LoseAnswerOf = _harness.World.Calls + 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(step)).Kind);
        Assert.True((await _harness.RunAsync(Deliver())).Succeeded);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _harness.RunAsync(step, attempt: 2)).Succeeded);
        Assert.Equal(_harness.Time.GetUtcNow(), _harness.World.RestartBegan);
    }

    private static PlannedStep Confirm => Plans.Step("ConfirmSync", "cloud", "env");

    private static PlannedStep Deliver(string target = "env") =>
        Plans.Step("Deliver", "cloud", target, settings: (StepSettings.Unreadable, "true"));

    private async Task DeliveredAsync(string target = "env")
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await _harness.StartAsync(Strategy.Overlap);
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "generated"))).Succeeded);
        Assert.True((await _harness.RunAsync(Deliver(target))).Succeeded);
    }

    /// <summary>Moves the clock over the pauses between two looks, and over nothing else.</summary>
    private async Task<StepOutcome> ThroughPausesAsync(Task<StepOutcome> running)
    {
        while (!running.IsCompleted)
        {
            await Task.Yield();
            if (_harness.Time.NextDue is { } due && due - _harness.Time.GetUtcNow() <= TimeSpan.FromSeconds(2))
            {
                _harness.Time.AdvanceTo(due);
            }
        }

        return await running;
    }
}
