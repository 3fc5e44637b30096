using System.Collections.Concurrent;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests.Generated;

/// <summary>The one orchestration that carries out any plan. Its input is "generation/what the generations before returned".</summary>
internal sealed class PlanCode(Plan root)
{
    public const string Name = "plan";
    private readonly Dictionary<string, Plan> _plans = root.Instances().ToDictionary(p => p.InstanceId, StringComparer.Ordinal);

    /// <summary>The activities that ran, by label, and under how many idempotency keys each.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> Ran { get; } = new(StringComparer.Ordinal);

    public TaskRegistry Registry() => new TaskRegistry()
        .AddActivity<string, string>("call", (context, label, _) => Task.FromResult(Note(context, label!)))
        .AddActivity<string, string>("fail", (context, label, _) => throw new InvalidOperationException(Note(context, label!)))
        .AddOrchestration<string, string>(Name, async (context, input) =>
        {
            var at = input!.IndexOf('/', StringComparison.Ordinal);
            var generation = int.Parse(input[..at]);
            var plan = _plans[context.InstanceId];
            var result = input[(at + 1)..] + await RunAsync(context, plan.Generations[generation]);
            if (generation + 1 < plan.Generations.Count)
            {
                context.ContinueAsNew($"{generation + 1}/{result}");
            }

            return result;
        });

    private static async Task<string> RunAsync(IOrchestrationContext context, Step step) => step switch
    {
        Call call => await CallAsync(context, call),
        Wait wait => $"({wait.Label} {await context.WaitForExternalEventAsync<string>(wait.Label)})",
        Sleep sleep => await SleepAsync(context, sleep),
        Sequence sequence => await SequenceAsync(context, sequence),
        All all => $"[{string.Join('|', await Task.WhenAll(all.Branches.Select(branch => RunAsync(context, branch))))}]",
        Any any => await RaceAsync(context, any),
        Child child => $"{{{await context.CallSubOrchestrationAsync<string>(Name, "0/", child.Plan.InstanceId)}}}",
        _ => throw new InvalidOperationException(),
    };

    private static async Task<string> CallAsync(IOrchestrationContext context, Call call)
    {
        try
        {
            return await context.CallActivityAsync<string>(call.Fails ? "fail" : "call", call.Label);
        }
        catch (TaskFailedException failure)
        {
            return $"({failure.Failure.Message} failed)";
        }
    }

    private static async Task<string> SleepAsync(IOrchestrationContext context, Sleep sleep)
    {
        await context.CreateTimerAsync(context.CurrentUtcTime.AddMinutes(sleep.Minutes));
        return $"({sleep.Label} slept)";
    }

    private static async Task<string> SequenceAsync(IOrchestrationContext context, Sequence sequence)
    {
        var result = "";
        foreach (var step in sequence.Steps)
        {
            result += await RunAsync(context, step);
        }

        return result;
    }

    private static async Task<string> RaceAsync(IOrchestrationContext context, Any any)
    {
        using var cancel = new CancellationTokenSource();
        var early = any.RivalFirst ? Rival() : null;
        var winner = RunAsync(context, any.Winner);
        var rival = early ?? Rival();
        var first = await Task.WhenAny(rival, winner);
        if (any.CancelRival)
        {
            cancel.Cancel();
        }

        return first == winner ? $"<{await winner}>" : "<the rival won>";

        Task Rival() => any.RivalIsTimer
            ? context.CreateTimerAsync(context.CurrentUtcTime.AddYears(1000), cancel.Token)
            : context.WaitForExternalEventAsync<string>("never " + any.Label, cancel.Token);
    }

    private string Note(ActivityContext context, string label)
    {
        Ran.GetOrAdd(label, _ => new(StringComparer.Ordinal))[context.IdempotencyKey] = true;
        return context.Name == "fail" ? label : $"({label} called)";
    }
}
