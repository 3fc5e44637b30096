using System.Text.Json.Nodes;
using Rotunda.Providers.Consumers.Compose;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.Compose;

public sealed class ComposeTests : IDisposable
{
    /// <summary>How what `ps` says of the service web begins. It is one line, as Compose writes it.</summary>
    private const string Web = """{"ID":"1","Name":"app-web-1","Service":"web",""";

    private readonly FakeDocker _docker = new("web", "worker", "db");

    public void Dispose() => _docker.Dispose();

    [Fact]
    public async Task It_conforms()
    {
        await using var environment = new ComposeEnvironment(_docker);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task Services_are_made_anew_one_after_the_other_and_nothing_else_is()
    {
        await using var environment = new ComposeEnvironment(_docker);

        var outcome = await new ComposeProvider().RestartAsync(environment.Call(), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal(["web", "worker"], _docker.Recreated);
        Assert.Equal(
            ["web", "worker"],
            _docker.Calls.Select(call => call.Replace(
                $"compose --project-directory {_docker.Project} up --detach --no-deps --no-build --pull missing --force-recreate ",
                "",
                StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_project_and_profiles_are_told_and_Rotunda_s_own_environment_is_not()
    {
        await using var environment = new ComposeEnvironment(_docker);
        Environment.SetEnvironmentVariable("ROTUNDA_TEST_COMPOSE", "own-secret");
        var settings = environment.With(
            new() { ["files"] = new JsonArray("compose.yaml"), ["project"] = "app", ["profiles"] = new JsonArray("live") });

        var outcome = await new ComposeProvider().RestartAsync(environment.Call(settings: settings), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Contains($"--file {Path.Combine(_docker.Project, "compose.yaml")} --project-name app --profile live up", _docker.Calls[0]);
        Assert.DoesNotContain("own-secret", _docker.Environment);
        Environment.SetEnvironmentVariable("ROTUNDA_TEST_COMPOSE", null);
    }

    [Theory]
    [InlineData(null, "has no container")]
    [InlineData(Web + """ "State":"exited","Health":"","ExitCode":3}""", "is exited (code 3)")]
    [InlineData(Web + """ "State":"running","Health":"starting","ExitCode":0}""", "is starting")]
    [InlineData(Web + """ "State":"running","Health":"unhealthy","ExitCode":0}""", "is unhealthy")]
    [InlineData(Web + """ "State":"running","Health":"healthy"}{broken""", "did not answer in JSON")]
    public async Task What_is_not_well_is_waited_for_and_said(string? web, string reason)
    {
        _docker.Plays("web", web);
        await using var environment = new ComposeEnvironment(_docker);

        var outcome = await new ComposeProvider().CheckAsync(environment.Call(), environment.Fingerprints, default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains(reason, outcome.Reason);
    }

    [Theory]
    [InlineData(
        """[{"ID":"1","Name":"a","Service":"web","State":"running","Health":"healthy"},"""
            + """{"ID":"2","Name":"b","Service":"web","State":"running","Health":""}]""",
        "running",
        true)]
    [InlineData("""{"ID":"2","Name":"b","Service":"web","State":"running","Health":""}""", "running", true)]
    [InlineData("""{"ID":"2","Name":"b","Service":"web","State":"running","Health":""}""", "refuse", false)]
    public async Task Both_forms_of_answers_are_read_and_no_healthcheck_counts_as_the_setting_says(
        string web,
        string withoutHealth,
        bool well)
    {
        _docker.Plays("web", web);
        await using var environment = new ComposeEnvironment(_docker);
        var settings = environment.With(new() { ["services"] = new JsonArray("web"), ["withoutHealth"] = withoutHealth });

        var outcome = await new ComposeProvider().CheckAsync(environment.Call(settings: settings), environment.Fingerprints, default);

        Assert.Equal(well, outcome.Succeeded);
    }

    [Theory]
    [InlineData(null, "'web' has no container")]
    [InlineData(Web + """ "State":"exited","Health":"","ExitCode":3}""", "is exited (code 3)")]
    [InlineData(Web + """ "State":"running","Health":"unhealthy","ExitCode":0}""", "is unhealthy")]
    [InlineData(Web + """ "State":"running","Health":"starting","ExitCode":0}""", null)]
    public async Task A_service_that_is_down_before_the_start_is_named(string? web, string? why)
    {
        _docker.Plays("web", web);
        await using var environment = new ComposeEnvironment(_docker);

        var outcome = await new ComposeProvider().ValidateAsync(environment.Call(), default);

        Assert.Equal(why is not null, ConsumerDown.Is(outcome));
        Assert.Contains(why ?? "", outcome.Reason ?? "");
        Assert.Empty(_docker.Recreated);
    }

    [Fact]
    public async Task A_service_that_the_project_does_not_have_is_named_before_anything_happens()
    {
        await using var environment = new ComposeEnvironment(_docker);

        var outcome = await new ComposeProvider().ValidateAsync(
            environment.Call(settings: environment.With(new() { ["services"] = new JsonArray("web", "wrker") })),
            default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("no service 'wrker'. Correct 'services'; it has: web, worker, db.", outcome.Reason);
    }

    [Fact]
    public async Task A_daemon_that_does_not_answer_is_waited_for_and_after_a_change_nobody_knows()
    {
        await using var environment = new ComposeEnvironment(_docker);
        _docker.Fails();

        var check = await new ComposeProvider().CheckAsync(environment.Call(), environment.Fingerprints, default);
        var restart = await new ComposeProvider().RestartAsync(environment.Call(), default);

        Assert.Equal((StepOutcomeKind.RetryLater, StepOutcomeKind.Unknown), (check.Kind, restart.Kind));
        Assert.Contains("the Docker daemon cannot be reached", check.Reason);
    }

    [Theory]
    [InlineData(
        "failed to read /app/app.env: line 3: unexpected character \"-\" in variable name near \"SESSION-SECRET=s3cr3t-value-1234\"",
        "malformed")]
    [InlineData("s3cr3t-value-1234: something that nobody has seen yet", "by hand")]
    public async Task What_docker_says_is_never_quoted(string saying, string reason)
    {
        await using var environment = new ComposeEnvironment(_docker);
        _docker.Fails(saying);

        var outcomes = new[]
        {
            await new ComposeProvider().ValidateAsync(environment.Call(), default),
            await new ComposeProvider().CheckAsync(environment.Call(), environment.Fingerprints, default),
            await new ComposeProvider().RestartAsync(environment.Call(), default),
        };

        Assert.All(outcomes, outcome =>
        {
            Assert.Contains(reason, outcome.Reason);
            Assert.DoesNotContain("s3cr3t", outcome.Reason);
            Assert.DoesNotContain("SESSION", outcome.Reason);
        });
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_ended()
    {
        await using var environment = new ComposeEnvironment(_docker);
        _docker.Hangs("before web");

        var outcome =
            await new ComposeProvider().RestartAsync(environment.Call(settings: environment.With(new() { ["timeout"] = "1s" })), default);

        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("docker compose up for the service 'web' did not end within 1 s", outcome.Reason);
        Assert.Empty(_docker.Recreated);
        Assert.True(SpinWait.SpinUntil(() => !_docker.HasChild, TimeSpan.FromSeconds(30)), "What it started is still there.");
    }

    [Theory]
    [InlineData("after web", 0, "web,worker")]
    [InlineData("after web", -5400, "web,worker")]
    [InlineData("after web", 5400, "web,worker")]
    [InlineData("before worker", 0, "web,worker")]
    [InlineData("after worker", 0, "web,worker")]
    public async Task A_step_that_is_tried_again_goes_on_where_it_was(string cut, int clock, string recreated)
    {
        _docker.ClockIsOff(clock);
        await using var environment = new ComposeEnvironment(_docker);
        var settings = environment.With(new() { ["timeout"] = "2s" });
        var began = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(10);
        _docker.Hangs(cut);
        var first = await new ComposeProvider().RestartAsync(environment.Call(settings: settings) with { Began = began }, default);
        Assert.Equal(StepOutcomeKind.Unknown, first.Kind);
        Assert.Equal(
            cut.EndsWith("worker", StringComparison.Ordinal),
            first.Reason!.Contains("Made anew before it: web.", StringComparison.Ordinal));
        Assert.True(SpinWait.SpinUntil(() => !_docker.HasChild, TimeSpan.FromSeconds(30)), "What it started is still there.");
        _docker.Recovers();

        var second =
            await new ComposeProvider().RestartAsync(environment.Call(attempt: 2, settings: settings) with { Began = began }, default);

        Assert.True(second.Succeeded, second.Reason);
        Assert.Equal(recreated.Split(','), _docker.Recreated);
        Assert.Equal(
            StepOutcomeKind.AlreadyDone,
            (await new ComposeProvider().RestartAsync(
                environment.Call(attempt: 3, settings: settings) with { Began = began },
                default)).Kind);
        Assert.Equal(2, _docker.Recreated.Count);
    }

    [Theory]
    [InlineData(Web + """ "State":"running","Health":"healthy"}""")]
    [InlineData(Web + """ "State":"running","Health":"healthy","Created":1767225600}""")]
    [InlineData(Web + """ "State":"running","Health":"healthy","CreatedAt":"2026-01-01 00:00:00 +0000 UTC"}""")]
    [InlineData(Web + """ "State":"created","Health":"","CreatedAt":"2126-01-01 00:00:00 +0000 UTC"}""")]
    [InlineData(
        """[{"ID":"1","Name":"a","Service":"web","State":"running","Health":"","Created":4923072000},"""
            + """{"ID":"2","Name":"b","Service":"web","State":"running","Health":"","Created":1767225600}]""")]
    public async Task A_service_with_a_container_from_before_or_one_that_does_not_run_is_made_anew(string web)
    {
        _docker.Plays("web", web);
        await using var environment = new ComposeEnvironment(_docker);
        var settings = environment.With(new() { ["services"] = new JsonArray("web") });

        var outcome = await new ComposeProvider().RestartAsync(
            environment.Call(attempt: 2, settings: settings) with { Began = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1) },
            default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal(["web"], _docker.Recreated);
    }

    private sealed class ComposeEnvironment(FakeDocker docker) : ProviderEnvironment
    {
        public override IProvider Provider { get; } = new ComposeProvider();

        public override JsonObject Settings => With([]);

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("no such program", With(new() { ["docker"] = "/nowhere/docker" })),
            ("no such folder", With(new() { ["projectFolder"] = "/nowhere" })),
            ("no such file", With(new() { ["files"] = new JsonArray("missing.yaml") })),
            ("no such service", With(new() { ["services"] = new JsonArray("missing") })),
            ("an option for a service", With(new() { ["services"] = new JsonArray("--volumes") })),
        ];

        public JsonObject With(JsonObject changes)
        {
            var settings = new JsonObject
            {
                ["projectFolder"] = docker.Project,
                ["services"] = new JsonArray("web", "worker"),
                ["docker"] = docker.Program,
                ["timeout"] = "30s",
            };
            foreach (var (name, value) in changes)
            {
                settings[name] = value?.DeepClone();
            }

            return settings;
        }
    }
}
