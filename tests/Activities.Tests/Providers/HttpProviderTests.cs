using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rotunda.Providers.Consumers.Http;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

public sealed class HttpProviderTests : IAsyncLifetime
{
    private readonly HttpProvider _provider = new();
    private ConsumerServer _one = null!;
    private ConsumerServer _two = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await ConsumerServer.StartAsync();
        _two = await ConsumerServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Every_instance_is_reloaded_with_the_token()
    {
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RestartAsync(Call(), default)).Kind);
        Assert.Equal(("POST /base/reload", "Bearer token-1"), Assert.Single(_one.Requests));
        Assert.Equal(("POST /base/reload", "Bearer token-1"), Assert.Single(_two.Requests));
    }

    [Theory]
    [InlineData(200, StepOutcomeKind.Done)]
    [InlineData(204, StepOutcomeKind.Done)]
    [InlineData(302, StepOutcomeKind.Rejected)]
    [InlineData(401, StepOutcomeKind.Rejected)]
    [InlineData(403, StepOutcomeKind.Rejected)]
    [InlineData(404, StepOutcomeKind.Rejected)]
    [InlineData(405, StepOutcomeKind.Rejected)]
    [InlineData(422, StepOutcomeKind.Rejected)]
    [InlineData(429, StepOutcomeKind.RetryLater)]
    [InlineData(500, StepOutcomeKind.RetryLater)]
    [InlineData(503, StepOutcomeKind.RetryLater)]
    public async Task Answers_are_told_apart(int status, StepOutcomeKind expected)
    {
        _two.Answer = Say(status, "");
        Assert.Equal(expected, (await _provider.RestartAsync(Call(), default)).Kind);
    }

    [Fact]
    public async Task The_instances_wish_to_wait_is_passed_on()
    {
        _two.Answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "17";
            return Task.CompletedTask;
        };
        Assert.Equal(TimeSpan.FromSeconds(17), (await _provider.RestartAsync(Call(), default)).RetryAfter);
    }

    [Theory]
    [InlineData("""{ "primary": "aaaaaaaaaaaa", "secondary": "bbbbbbbbbbbb" }""", null)]
    [InlineData("""{ "primary": "aaaaaaaaaaaa", "secondary": null }""", "uses none as secondary, expected bbbbbbbbbbbb")]
    [InlineData("""{ "primary": "cccccccccccc" }""", "uses cccccccccccc, expected aaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaa\n", null)]
    [InlineData("my-secret-value", "uses something that is no fingerprint, expected aaaaaaaaaaaa")]
    [InlineData("{ not json", "uses none, expected aaaaaaaaaaaa")]
    [InlineData("[1]", "uses something that is no fingerprint, expected aaaaaaaaaaaa")]
    [InlineData("", "uses something that is no fingerprint, expected aaaaaaaaaaaa")]
    public async Task Fingerprints_are_compared(string body, string? mismatch)
    {
        _one.Answer = Say(200, "aaaaaaaaaaaa");
        _two.Answer = Say(200, body);
        var outcome = await _provider.CheckAsync(Call(), new("aaaaaaaaaaaa", "bbbbbbbbbbbb"), default);
        Assert.Equal(mismatch is null ? StepOutcomeKind.Done : StepOutcomeKind.RetryLater, outcome.Kind);
        if (mismatch is not null)
        {
            Assert.Contains(mismatch, outcome.Reason);
        }
    }

    [Fact]
    public async Task A_second_key_that_is_no_longer_expected_is_waited_out()
    {
        _one.Answer = _two.Answer = Say(200, """{ "primary": "aaaaaaaaaaaa", "secondary": "bbbbbbbbbbbb" }""");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _provider.CheckAsync(Call(), new("aaaaaaaaaaaa", null), default)).Kind);
    }

    [Fact]
    public async Task No_redirect_is_followed_with_the_token()
    {
        _one.Answer = context =>
        {
            context.Response.Redirect(_two.Address + "/elsewhere");
            return Task.CompletedTask;
        };
        Assert.Equal(StepOutcomeKind.Rejected, (await _provider.RestartAsync(Call(), default)).Kind);
        Assert.Empty(_two.Requests);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        _one.Answer = _two.Answer = async context =>
        {
            var block = new byte[8192];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        };
        Assert.Equal(StepOutcomeKind.RetryLater, (await _provider.CheckAsync(Call(), new("aaaaaaaaaaaa", null), default)).Kind);
    }

    [Fact]
    public async Task An_instance_that_never_answers_is_tried_later()
    {
        var asked = new TaskCompletionSource();
        _one.Answer = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var time = new ManualTimeout();
        var running = _provider.RestartAsync(Call() with { Time = time }, default);
        await asked.Task;
        time.Fire();
        Assert.Equal(StepOutcomeKind.RetryLater, (await running).Kind);
    }

    [Fact]
    public async Task An_instance_that_is_down_before_the_start_is_named_and_nothing_is_posted()
    {
        var gone = await ConsumerServer.StartAsync();
        await gone.DisposeAsync();
        _one.Answer = Say(503, "");

        var outcome = await _provider.ValidateAsync(Call(_one.Address, _two.Address, gone.Address), default);

        Assert.True(ConsumerDown.Is(outcome));
        Assert.Contains(_one.Address, outcome.Reason);
        Assert.Contains(gone.Address, outcome.Reason);
        Assert.DoesNotContain(_two.Address, outcome.Reason);
        Assert.DoesNotContain(_one.Requests, request => request.What.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_token_or_a_path_that_is_wrong_is_not_taken_for_a_consumer_that_is_down(int status)
    {
        _two.Answer = Say(status, "");
        var outcome = await _provider.ValidateAsync(Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.False(ConsumerDown.Is(outcome));
    }

    [Fact]
    public async Task One_that_says_it_cannot_work_with_the_value_in_use_is_down()
    {
        _two.Answer = Say(422, "");
        var outcome = await _provider.ValidateAsync(Call(), default);
        Assert.True(ConsumerDown.Is(outcome));
        Assert.Contains("the value that is in use", outcome.Reason);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://user:cAnary@host")]
    [InlineData("host:80?token=cAnary")]
    public async Task Addresses_that_are_none_are_rejected_unquoted(string address)
    {
        var outcome = await _provider.ValidateAsync(Call(address), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.DoesNotContain("cAnary", outcome.Reason);
    }

    private static Func<HttpContext, Task> Say(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        }
    };

    private ProviderCall Call(params string[] instances) => new(
        new(
            new()
            {
                ["instances"] = new JsonArray([.. (instances.Length > 0
                    ? instances
                    : [_one.Address + "/base", _two.Address + "/base/"]).Select(address => (JsonNode)address)]),
                ["reloadPath"] = "/reload",
                ["healthPath"] = "health",
                ["fingerprintPath"] = "/fingerprint",
                ["token"] = "env:TOKEN",
            },
            new FixedReferences(new Dictionary<string, string> { ["env:TOKEN"] = "token-1" })),
        "s",
        "s-1",
        1,
        1,
        TimeProvider.System);

    /// <summary>A clock whose timers are due when the test says so.</summary>
    private sealed class ManualTimeout : TimeProvider
    {
        private Action _due = () => { };

        public void Fire() => _due();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _due += () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
