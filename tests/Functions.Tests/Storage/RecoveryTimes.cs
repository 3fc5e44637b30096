using System.Diagnostics;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// How long a rotation stands still after its host has died, by the timeouts of host.json. Measures and asserts nothing of time, so it
/// runs only when asked for: <c>-explicit only -class '*RecoveryTimes'</c>. docs/azure-operations.md has the figures.
/// </summary>
public sealed class RecoveryTimes(ITestOutputHelper output)
{
    private static readonly PayloadSerializer Payloads = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="step">The host dies with a step in hand; else with a message for the orchestration in hand.</param>
    /// <param name="another">The work is taken up by another machine; else by the same, started again.</param>
    private sealed record Case(bool step, bool another, int Work, int Control, int Lease, int Look);

    [Fact(Explicit = true)]
    public async Task After_an_abrupt_end()
    {
        List<Case> cases = [];
        foreach (var seconds in new[] { 15, 30, 45, 60, 120, 300 })
        {
            cases.Add(new Case(step: true, another: false, seconds, 300, 30, 10));
            cases.Add(new Case(step: false, another: false, 300, seconds, 30, 10));
        }

        cases.Add(new Case(step: true, another: true, 30, 30, 30, 10));
        cases.Add(new Case(step: true, another: true, 45, 45, 30, 10));
        cases.Add(new Case(step: true, another: true, 30, 30, 20, 5));
        cases.Add(new Case(step: false, another: true, 30, 30, 30, 10));
        cases.Add(new Case(step: false, another: true, 30, 30, 20, 5));
        await Task.WhenAll(cases.Select(MeasureAsync));
    }

    private async Task MeasureAsync(Case now)
    {
        var hub = StorageHub.New() with
        {
            WorkTimeout = TimeSpan.FromSeconds(now.Work),
            ControlTimeout = TimeSpan.FromSeconds(now.Control),
            Lease = TimeSpan.FromSeconds(now.Lease),
            LeaseLook = TimeSpan.FromSeconds(now.Look),
        };
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await StorageHost.StartAsync(hub, Code(() =>
        {
            arrived.TrySetResult();
            return new TaskCompletionSource<string>().Task;
        }), Payloads);
        if (!now.step)
        {
            // Dies at the commit of the orchestration's first turn: its message is in hand.
            first.Wire.Sees = request => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);
        }

        var id = await first.Client.ScheduleNewAsync("main", cancellationToken: Token);
        await (now.step ? arrived.Task : first.Wire.WhenCut).WaitAsync(Token);
        await first.DisposeAsync();
        var clock = Stopwatch.StartNew();
        var again = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var second = await StorageHost.StartAsync(hub with { Machine = now.another ? "two" : "one" }, Code(() =>
        {
            again.TrySetResult(clock.Elapsed);
            return Task.FromResult("done");
        }), Payloads);
        var up = clock.Elapsed;
        await second.Client.WaitForCompletionAsync(id, Token);
        output.WriteLine($"{now}: up after {up.TotalSeconds:F1} s, the step ran after {(await again.Task).TotalSeconds:F1} s");
    }

    private static TaskRegistry Code(Func<Task<string>> step) => new TaskRegistry()
        .AddActivity<string, string>("step", (_, _, _) => step())
        .AddOrchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("step"));
}
