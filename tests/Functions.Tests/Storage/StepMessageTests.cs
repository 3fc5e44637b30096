using Azure.Core;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// What host.json's workItemQueueVisibilityTimeout costs and does not cost: the message of a step is renewed while the step runs, so
/// a step may take longer than the timeout; only a timeout that ends before the first renewal runs it twice.
/// </summary>
public sealed class StepMessageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly PayloadSerializer Payloads = new();
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Durable Task looks every five seconds whether to renew a message: three renewals are later than the timeout.</summary>
    [Fact]
    public async Task A_step_that_runs_longer_than_its_message_is_hidden_runs_once()
    {
        const int Enough = 3;
        var renewals = 0;
        var renewed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = StorageHub.New() with { WorkTimeout = TimeSpan.FromSeconds(12) };
        await using var host = await StorageHost.StartAsync(hub, Registry(), Payloads);
        host.Wire.Sees = request =>
        {
            if (IsRenewal(request) && Interlocked.Increment(ref renewals) == Enough)
            {
                renewed.SetResult();
            }

            return false;
        };
        var id = await host.Client.ScheduleNewAsync("main", cancellationToken: Token);

        await renewed.Task.WaitAsync(Limit, Token);
        _end.SetResult("done");

        var state = await host.Client.WaitForCompletionAsync(id, Token);
        Assert.Equal((OrchestrationStatus.Completed, "\"done\"", 1), (state.Status, state.Output, _runs));
    }

    [Fact]
    public async Task A_timeout_before_the_first_renewal_runs_the_step_twice()
    {
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = StorageHub.New() with { WorkTimeout = TimeSpan.FromSeconds(2) };
        await using var host = await StorageHost.StartAsync(hub, Registry(again), Payloads);
        await using var other = await StorageHost.StartAsync(hub with { Machine = "two" }, Registry(again), Payloads);
        var id = await host.Client.ScheduleNewAsync("main", cancellationToken: Token);

        await again.Task.WaitAsync(Limit, Token);
        _end.SetResult("done");

        Assert.Equal("\"done\"", (await host.Client.WaitForCompletionAsync(id, Token)).Output);
    }

    private static bool IsRenewal(Request request) =>
        request.Method == RequestMethod.Put && request.Uri.Path.Contains("-workitems/messages/", StringComparison.Ordinal);

    private TaskRegistry Registry(TaskCompletionSource? again = null) => new TaskRegistry()
        .AddActivity<string, string>("slow", (_, _, _) =>
        {
            if (Interlocked.Increment(ref _runs) == 2)
            {
                again?.SetResult();
            }

            return _end.Task;
        })
        .AddOrchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("slow"));
}
