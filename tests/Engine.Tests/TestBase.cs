using Rotunda.Orchestration;
using Rotunda.Testing.Time;

namespace Rotunda.Engine.Tests;

/// <summary>An engine of its own for each test, and the few orchestrations that most of them need.</summary>
public abstract class TestBase : IAsyncDisposable
{
    internal EngineFixture Fixture { get; } = new();

    protected ManualTimeProvider Clock { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static PayloadSerializer Serializer { get; } = new();

    protected IOrchestrationClient Client => Fixture.Client;

    /// <summary>"steps" adds up through n activities; "wait" returns the payload of the event "go"; "sleep" sleeps for hours.</summary>
    protected static TaskRegistry Code() => new TaskRegistry()
        .AddActivity<int, int>("add", (_, n, _) => Task.FromResult(n + 1))
        .AddOrchestration<int, int>("steps", async (context, count) =>
        {
            var sum = 0;
            while (sum < count)
            {
                sum = await context.CallActivityAsync<int>("add", sum);
            }

            return sum;
        })
        .AddOrchestration<string, string>("wait", (context, _) => context.WaitForExternalEventAsync<string>("go"))
        .AddOrchestration<int, string>("sleep", async (context, hours) =>
        {
            await context.CreateTimerAsync(context.CurrentUtcTime.AddHours(hours));
            return "woken";
        });

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task StartAsync(TaskRegistry? code = null) => Fixture.StartAsync(code ?? Code(), Serializer, Clock);
}
