using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Cronos;
using Rotunda.Api.Head;
using Rotunda.Architecture.Tests.Bicep;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Architecture.Tests;

/// <summary>The numbers in docs/azure-operations.md under "Costs" are counted here: by running each strategy, and from the
/// schedules that are deployed.</summary>
public sealed partial class CostTests
{
    private static readonly Strategy[] s_strategies =
        [Strategy.Overlap, Strategy.Alternate, Strategy.InPlace, Strategy.DualKey, Strategy.ReEncrypt];

    private static string Page { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "azure-operations.md"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Two targets, an approval of the start and of the revoke, a grace period; nothing goes wrong.</summary>
    [Fact]
    public async Task What_a_rotation_calls_waits_for_and_is_told_is_what_the_docs_say()
    {
        var counts = await CountAsync();

        var told = CostRow().Matches(Page).Select(m => m.Value.TrimEnd());

        Assert.Equal(s_strategies.Select(strategy => counts[$"{strategy}"].Row(WordOf(strategy))), told);
    }

    [BicepFact]
    public async Task How_often_the_timers_run_is_what_the_docs_say()
    {
        var parameters = (await Infrastructure.CompiledAsync()).Main.GetProperty("parameters");
        var runs = new[] { "sweepSchedule", "watchdogSchedule", "noticeSchedule", "reportSchedule" }
            .ToDictionary(
                name => name,
                name => RunsInAMonth(parameters.GetProperty(name).GetProperty("defaultValue").GetString()!),
                StringComparer.Ordinal);

        Assert.Contains(Number(runs.Values.Sum()) + " times in 30 days", Page, StringComparison.Ordinal);
        Assert.Contains(Number(runs["sweepSchedule"] + runs["watchdogSchedule"]) + " reads", Page, StringComparison.Ordinal);
    }

    /// <summary>There is one place for the numbers.</summary>
    [Fact]
    public void No_other_page_has_numbers_of_its_own() =>
        Assert.DoesNotMatch(
            @"\d[\d,]* (timer runs|queue operations|table writes)",
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "azure.md")));

    private static int RunsInAMonth(string schedule)
    {
        var from = new DateTime(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc);
        return CronExpression.Parse(schedule, CronFormat.IncludeSeconds).GetOccurrences(from, from.AddDays(30)).Count();
    }

    private static async Task<ConcurrentDictionary<string, Count>> CountAsync()
    {
        var counts = new ConcurrentDictionary<string, Count>(StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("rotunda-costs-");
        try
        {
            DurableEngine? engine = null;
            var registry = Registry(counts, () => engine!.Client);
            await using (engine = new DurableEngine(
                new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") },
                registry,
                DeskParts.Payloads))
            {
                await engine.StartAsync(Token);
                await Task.WhenAll(s_strategies.Select(strategy => RunAsync(engine.Client, strategy)));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return counts;
    }

    private static async Task RunAsync(IOrchestrationClient client, Strategy strategy)
    {
        var plan = SamplePlans.Make(new SamplePlanOptions
        {
            Strategy = strategy,
            ApproveStart = true,
            ApproveRevoke = true,
            Grace = TimeSpan.FromSeconds(1),
        });
        await client.ScheduleNewAsync(
            RotationNames.Orchestration,
            new RotationInput(plan with { RotationId = $"{strategy}" }),
            new StartOptions($"{strategy}"),
            Token);
        var end = await client.WaitForCompletionAsync($"{strategy}", Token);
        Assert.Contains("succeeded", end.Output, StringComparison.Ordinal);
    }

    private static TaskRegistry Registry(ConcurrentDictionary<string, Count> counts, Func<IOrchestrationClient> client)
    {
        Count Of(string id) => counts.GetOrAdd(id, _ => new Count());
        var registry = new TaskRegistry().AddOrchestration<RotationInput, RotationResult>(
            RotationNames.Orchestration,
            (context, input) => RotationOrchestration.RunAsync(new CountingContext(context, Of(context.InstanceId), client), input));
        foreach (var kind in StepKinds.Activities.Where(kind => kind != StepKinds.Record))
        {
            registry.AddActivity<StepInput, StepOutcome>(kind, (_, input, _) => Task.FromResult(Of(input!.RotationId).Called()));
        }

        return registry.AddActivity<RecordInput, StepOutcome>(StepKinds.Record, (_, input, _) =>
        {
            if (input!.Action == RotationActions.ApprovalRequested)
            {
                Of(input.RotationId).Asked();
            }

            return Task.FromResult(Of(input.RotationId).Called());
        });
    }

    private static string WordOf(Strategy strategy) => strategy switch
    {
        Strategy.InPlace => "in-place",
        Strategy.DualKey => "dual-key",
        Strategy.ReEncrypt => "re-encrypt",
        _ => $"{strategy}".ToLowerInvariant(),
    };

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^\| (overlap|alternate|in-place|dual-key|re-encrypt) \|.*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CostRow();

    private sealed class Count
    {
        private int _calls;
        private int _messages;
        private int _asked;
        private int _timers;

        public StepOutcome Called()
        {
            Interlocked.Increment(ref _calls);
            return StepOutcome.Done();
        }

        public void Asked() => Interlocked.Increment(ref _asked);

        /// <summary>True once for each approval that was asked for.</summary>
        public bool Tell()
        {
            if (_messages == _asked)
            {
                return false;
            }

            _messages++;
            return true;
        }

        public void Timer() => Interlocked.Increment(ref _timers);

        /// <summary>As the docs derive it: 8 for each call, 5 for each timer and each message, 7 for the start and the end.</summary>
        public string Row(string strategy) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {strategy} | {_calls} | {_timers} | {_messages} | {(8 * _calls) + (5 * (_timers + _messages)) + 7} |");
    }

    /// <summary>
    /// Counts the timers that are set; calls are counted where they arrive. A person approves once the rotation is seen to wait,
    /// so that the time limit of the approval is counted too.
    /// </summary>
    private sealed class CountingContext(
        IOrchestrationContext inner,
        Count count,
        Func<IOrchestrationClient> client) : IOrchestrationContext
    {
        public string Name => inner.Name;

        public string InstanceId => inner.InstanceId;

        public DateTimeOffset CurrentUtcTime => inner.CurrentUtcTime;

        public bool IsReplaying => inner.IsReplaying;

        public T? GetInput<T>() => inner.GetInput<T>();

        public Guid NewGuid() => inner.NewGuid();

        public Task<TResult> CallActivityAsync<TResult>(string name, object? input = null) => inner.CallActivityAsync<TResult>(name, input);

        public Task<TResult> CallSubOrchestrationAsync<TResult>(string name, object? input = null, string? instanceId = null) =>
            inner.CallSubOrchestrationAsync<TResult>(name, input, instanceId);

        public Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
        {
            if (!inner.IsReplaying)
            {
                count.Timer();
            }

            return inner.CreateTimerAsync(fireAt, cancellationToken);
        }

        public Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default) =>
            inner.WaitForExternalEventAsync<T>(name, cancellationToken);

        public void SetCustomStatus(object? status)
        {
            inner.SetCustomStatus(status);
            if (!inner.IsReplaying && status is RotationStatus { State: RotationState.WaitingForApproval } && count.Tell())
            {
                var (id, token) = (InstanceId, Token);
                var approval = new ControlMessage(ControlVerb.Approve, "someone else", null);
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ => { _ = client().RaiseEventAsync(id, RotationNames.ControlEvent, approval, token); },
                    null);
            }
        }

        public void ContinueAsNew(object? input, bool preserveUnprocessedEvents = true) =>
            inner.ContinueAsNew(input, preserveUnprocessedEvents);
    }
}
