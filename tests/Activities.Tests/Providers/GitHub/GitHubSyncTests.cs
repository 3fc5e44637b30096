using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Providers.GitHub;

/// <summary>The workflow that carries a delivered value on, and the run that is followed.</summary>
public sealed class GitHubSyncTests
{
    [Fact]
    public async Task The_run_that_the_delivery_started_is_followed_to_its_end()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.LooksUntilEnd = 2;

        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value");
        var run = Assert.Single(environment.GitHub.Runs);
        Assert.Equal(run.Link, delivered.Facts!["run"]);
        Assert.Contains("is 'in_progress'", (await ConfirmAsync(environment, delivered, "value")).Reason, StringComparison.Ordinal);
        Assert.Equal(StepOutcomeKind.RetryLater, (await ConfirmAsync(environment, delivered, "value")).Kind);
        var confirmed = await ConfirmAsync(environment, delivered, "value");

        Assert.Equal(StepOutcomeKind.Done, confirmed.Kind);
        Assert.Equal(run.Link, confirmed.Facts!["run"]);
        Assert.Equal("success", confirmed.Facts["conclusion"]);
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("cancelled")]
    [InlineData("timed_out")]
    [InlineData("skipped")]
    [InlineData("startup_failure")]
    public async Task Any_other_end_refuses_the_value_and_links_the_log(string conclusion)
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.Work = _ => conclusion;

        var outcome = await ConfirmAsync(environment, await GitHubDeliveryTests.DeliverAsync(environment, "value"), "value");

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains($"'{conclusion}'", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains(environment.GitHub.Runs[0].Link, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_server_s_run_is_found_by_its_mark_among_others()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.IsOld = true;
        var first = await GitHubDeliveryTests.DeliverAsync(environment, "value");
        for (var other = 0; other < 60; other++)
        {
            environment.GitHub.StartElsewhere($"Sync by hand {other}");
        }

        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value");
        var own = environment.GitHub.Runs[^1];
        for (var other = 0; other < 60; other++)
        {
            environment.GitHub.StartElsewhere($"Sync {environment.Call().RotationId}-0000");
        }

        environment.GitHub.Work = run => run == own ? "success" : "failure";

        Assert.False(delivered.Facts!.ContainsKey("run"));
        Assert.NotEqual(first.Facts!["syncMark"], delivered.Facts["syncMark"]);
        var outcome = await ConfirmAsync(environment, delivered, "value");
        Assert.Equal(own.Link, outcome.Facts?["run"]);

        // The run of the delivery before is another one, even though it was for the same value.
        Assert.Equal(StepOutcomeKind.Rejected, (await ConfirmAsync(environment, first, "value")).Kind);
    }

    [Fact]
    public async Task A_run_that_shows_no_mark_is_never_guessed()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        (environment.GitHub.IsOld, environment.GitHub.RunName) = (true, _ => "Sync secrets");
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value", time: time);

        var soon = await ConfirmAsync(environment, delivered, "value", time);
        time.Advance(TimeSpan.FromMinutes(4));
        var late = await ConfirmAsync(environment, delivered, "value", time);

        Assert.Equal((StepOutcomeKind.RetryLater, StepOutcomeKind.RetryLater), (soon.Kind, late.Kind));
        Assert.Contains("run-name have ${{ inputs.rotunda }}", late.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("run-name", soon.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an unknown input")]
    [InlineData("a branch that is not there")]
    [InlineData("an older server and no mark")]
    public async Task A_workflow_that_cannot_be_started_lets_the_rotation_go_back(string why)
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.IsOld = why.StartsWith("an older", StringComparison.Ordinal);
        var settings = environment.With(why switch
        {
            "an unknown input" => new() { ["syncMark"] = "nothing-like-it" },
            "a branch that is not there" => new() { ["syncRef"] = "gone" },
            _ => new() { ["syncMark"] = null },
        });

        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value", settings: settings);
        var outcome = await ConfirmAsync(environment, delivered, "value", settings: settings);

        Assert.Equal(StepOutcomeKind.Done, delivered.Kind);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("was not started", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_workflow_is_found_before_anything_is_touched()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.WorkflowState = "disabled_manually";

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("disabled_manually", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_workflow_GitHub_s_own_word_is_all_there_is()
    {
        await using var environment = await GitHubEnvironment.StartAsync(new() { ["organization"] = "acme" });
        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value");

        Assert.Equal(StepOutcomeKind.Done, (await ConfirmAsync(environment, delivered, "value")).Kind);
        environment.GitHub.Stands.Remove("orgs/acme/actions/secrets/API_KEY");
        Assert.Equal(StepOutcomeKind.RetryLater, (await ConfirmAsync(environment, delivered, "value")).Kind);
    }

    [Fact]
    public async Task A_secret_that_GitHub_shows_as_it_was_before_the_delivery_has_not_arrived()
    {
        await using var environment = await GitHubEnvironment.StartAsync(new() { ["organization"] = "acme" });
        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value");
        var (key, secret) = ("orgs/acme/actions/secrets/API_KEY", environment.GitHub.Stands["orgs/acme/actions/secrets/API_KEY"]);

        environment.GitHub.Stands[key] = secret with { UpdatedAt = secret.UpdatedAt - TimeSpan.FromMinutes(1) };
        var stale = await ConfirmAsync(environment, delivered, "value");
        environment.GitHub.Stands[key] = secret;

        Assert.Equal(StepOutcomeKind.RetryLater, stale.Kind);
        Assert.Contains("from before it was written", stale.Reason, StringComparison.Ordinal);
        Assert.Equal(StepOutcomeKind.Done, (await ConfirmAsync(environment, delivered, "value")).Kind);
    }

    [Fact]
    public async Task A_run_that_GitHub_does_not_show_yet_is_waited_for_a_while()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var delivered = await GitHubDeliveryTests.DeliverAsync(environment, "value", time: time);
        environment.GitHub.Unseen.Add(environment.GitHub.Runs[0].Id);

        var soon = await ConfirmAsync(environment, delivered, "value", time);
        time.Advance(TimeSpan.FromMinutes(4));
        var late = await ConfirmAsync(environment, delivered, "value", time);
        environment.GitHub.Unseen.Clear();

        Assert.Equal((StepOutcomeKind.RetryLater, StepOutcomeKind.Rejected), (soon.Kind, late.Kind));
        Assert.Equal(StepOutcomeKind.Done, (await ConfirmAsync(environment, delivered, "value", time)).Kind);
    }

    private static Task<StepOutcome> ConfirmAsync(
        GitHubEnvironment environment,
        StepOutcome delivered,
        string value,
        TimeProvider? time = null,
        System.Text.Json.Nodes.JsonObject? settings = null)
    {
        var call = environment.Call(settings: settings).After(delivered.Facts);
        return GitHubDeliveryTests.WithAsync(
            value,
            null,
            values => ((IConfirmSync)environment.Provider).ConfirmAsync(time is null ? call : call with { Time = time }, values, default));
    }
}
