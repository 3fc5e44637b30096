using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Providers.GitHub;

/// <summary>What earlier deliveries have started does not end after what is delivered next.</summary>
public sealed class GitHubEarlierRunsTests
{
    private const string Secret = "orgs/acme/actions/secrets/API_KEY";
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("rotunda")]
    [InlineData(null)]
    public async Task A_run_that_still_waits_for_a_runner_is_cancelled_before_the_way_back_delivers(string? mark)
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var (gitHub, settings) = (environment.GitHub, environment.With(new() { ["syncMark"] = mark }));
        gitHub.RunName = inputs => $"Sync {inputs["rotunda"] ?? "by hand"}";
        (gitHub.LooksUntilEnd, gitHub.LooksUntilCancelled) = (int.MaxValue, 2);
        var there = Known(await GitHubDeliveryTests.DeliverAsync(environment, "new", settings: settings, time: _time));

        // It is told to end, and takes its time: until it has ended, nothing is written.
        var first = await GitHubDeliveryTests.DeliverAsync(environment, "old", settings: settings, time: _time, earlier: there);
        Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromSeconds(5)), (first.Kind, first.RetryAfter));
        Assert.Contains(gitHub.Runs[0].Link, first.Reason, StringComparison.Ordinal);
        Assert.Equal("new", gitHub.Stands[Secret].Value);
        Assert.Single(gitHub.Runs);

        var second =
            await GitHubDeliveryTests.DeliverAsync(environment, "old", settings: settings, time: _time, attempt: 2, earlier: there);
        Assert.Equal(StepOutcomeKind.Done, second.Kind);
        Assert.Equal(("completed", "cancelled"), (gitHub.Runs[0].Status, gitHub.Runs[0].Conclusion));
        Assert.Equal(("queued", "old"), (gitHub.Runs[1].Status, gitHub.Runs[1].Secrets[Secret].Value));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_run_that_does_not_end_is_ended_by_force_from_the_fourth_attempt_on()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        (environment.GitHub.LooksUntilEnd, environment.GitHub.LooksUntilCancelled) = (int.MaxValue, int.MaxValue);
        var there = Known(await GitHubDeliveryTests.DeliverAsync(environment, "new", time: _time));

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(
                StepOutcomeKind.RetryLater,
                (await GitHubDeliveryTests.DeliverAsync(environment, "old", time: _time, attempt: attempt, earlier: there)).Kind);
        }

        Assert.Equal(
            StepOutcomeKind.Done,
            (await GitHubDeliveryTests.DeliverAsync(environment, "old", time: _time, attempt: 4, earlier: there)).Kind);
        Assert.Equal("cancelled", environment.GitHub.Runs[0].Conclusion);
    }

    [Fact]
    public async Task A_run_whose_start_was_never_answered_is_known_by_its_mark_and_nobody_else_s_is_touched()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var gitHub = environment.GitHub;
        await GitHubDeliveryTests.DeliverAsync(environment, "new", time: _time, target: "github");
        await GitHubDeliveryTests.DeliverAsync(environment, "new", time: _time, target: "github-eu");
        var byHand = gitHub.StartElsewhere("Sync by hand", at: _time.GetUtcNow() - TimeSpan.FromHours(1));

        // Nothing is on record of it, as after a rotation that another one took over long ago.
        Assert.Equal(
            StepOutcomeKind.Done,
            (await GitHubDeliveryTests.DeliverAsync(environment, "old", time: _time, target: "github")).Kind);

        Assert.Equal(["cancelled", null, null, null], gitHub.Runs.Select(run => run.Conclusion));
        Assert.False(byHand.IsCancelled);
    }

    [Fact]
    public async Task Without_a_mark_a_run_that_may_be_ours_is_waited_for_and_left_alone()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var (gitHub, settings) = (environment.GitHub, environment.With(new() { ["syncMark"] = null }));
        var lost = new EarlierDelivery(_time.GetUtcNow() - TimeSpan.FromMinutes(2), null, false, new Dictionary<string, string>());
        gitHub.StartElsewhere("Sync something");
        gitHub.StartElsewhere("Sync other-3-0123456789-0123456789ab");
        gitHub.StartElsewhere("Sync of yesterday", at: _time.GetUtcNow() - TimeSpan.FromDays(1));

        var waiting =
            await GitHubDeliveryTests.DeliverAsync(environment, "old", settings: settings, time: _time, attempt: 2, earlier: lost);
        Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
        Assert.Contains(gitHub.Runs[0].Link, waiting.Reason, StringComparison.Ordinal);
        Assert.Equal("standing", gitHub.Stands[Secret].Value);

        (gitHub.Runs[0].Status, gitHub.Runs[0].Conclusion) = ("completed", "success");
        Assert.Equal(
            StepOutcomeKind.Done,
            (await GitHubDeliveryTests.DeliverAsync(environment, "old", settings: settings, time: _time, attempt: 3, earlier: lost)).Kind);
        Assert.DoesNotContain(gitHub.Runs, run => run.IsCancelled);
    }

    [Fact]
    public async Task What_GitHub_may_not_show_yet_is_waited_for()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var lost = new EarlierDelivery(
            _time.GetUtcNow() - TimeSpan.FromMinutes(1),
            _time.GetUtcNow() - TimeSpan.FromSeconds(5),
            false,
            new Dictionary<string, string>());
        var soon = await GitHubDeliveryTests.DeliverAsync(environment, "old", time: _time, attempt: 2, earlier: lost);
        Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromSeconds(10)), (soon.Kind, soon.RetryAfter));
        Assert.DoesNotContain(environment.Vendor.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
        _time.Advance(soon.RetryAfter!.Value);
        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "new", time: _time, attempt: 3, earlier: lost);
        Assert.Equal(StepOutcomeKind.Done, delivered.Kind);

        // Its run is on record, and not to be seen: it may come up late.
        environment.GitHub.Unseen.Add(environment.GitHub.Runs[0].Id);
        Assert.Equal(
            StepOutcomeKind.RetryLater,
            (await GitHubDeliveryTests.DeliverAsync(environment, "old", time: _time, earlier: Known(delivered))).Kind);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(
            StepOutcomeKind.Done,
            (await GitHubDeliveryTests.DeliverAsync(
                environment,
                "old",
                time: _time,
                earlier: Known(delivered, TimeSpan.FromMinutes(3)))).Kind);
    }

    [Fact]
    public async Task Only_what_was_delivered_since_the_last_known_start_is_asked_for()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.LooksUntilEnd = int.MaxValue;
        var first = Known(await GitHubDeliveryTests.DeliverAsync(environment, "one", time: _time));
        var second = Known(await GitHubDeliveryTests.DeliverAsync(environment, "two", time: _time, earlier: first));
        environment.Vendor.Requests.Clear();

        Assert.Equal(
            StepOutcomeKind.Done,
            (await GitHubDeliveryTests.DeliverAsync(environment, "three", time: _time, earlier: [second, first])).Kind);

        Assert.Equal(["cancelled", "cancelled", null], environment.GitHub.Runs.Select(run => run.Conclusion));
        Assert.DoesNotContain(
            environment.Vendor.Requests,
            request => request.Contains($"/runs/{environment.GitHub.Runs[0].Id}", StringComparison.Ordinal));
    }

    private EarlierDelivery Known(StepOutcome delivered, TimeSpan? ago = null)
    {
        Assert.Equal(StepOutcomeKind.Done, delivered.Kind);
        var at = _time.GetUtcNow() - (ago ?? TimeSpan.Zero);
        return new EarlierDelivery(at, at, true, delivered.Facts!);
    }
}
