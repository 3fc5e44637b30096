namespace Rotunda.Orchestration;

/// <summary>What an activity is told about its call.</summary>
/// <param name="InstanceId">The orchestration that called.</param>
/// <param name="Name">The activity's registered name.</param>
/// <param name="OperationId">The number of the call within the instance's generation.</param>
/// <param name="IdempotencyKey">The same each time this one call is run again (after a crash), different for every other call.</param>
public sealed record ActivityContext(string InstanceId, string Name, int OperationId, string IdempotencyKey);

/// <summary>Orchestration code: reads its input from the context and returns its output.</summary>
public delegate Task<object?> OrchestrationFunction(IOrchestrationContext context);

/// <summary>Activity code: gets its input as <see cref="RegisteredActivity.InputType"/>, returns its output.</summary>
public delegate Task<object?> ActivityFunction(ActivityContext context, object? input, CancellationToken cancellationToken);

public sealed record RegisteredOrchestration(string Name, OrchestrationFunction Run);

public sealed record RegisteredActivity(string Name, Type InputType, ActivityFunction Run);

/// <summary>
/// The orchestrations and activities by name: filled once at start by the domain and the activities, read by every engine.
/// Names are what histories hold, so a released name is never changed or used again for something else.
/// </summary>
public sealed class TaskRegistry
{
    private readonly Dictionary<string, RegisteredOrchestration> _orchestrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegisteredActivity> _activities = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, RegisteredOrchestration> Orchestrations => _orchestrations;

    public IReadOnlyDictionary<string, RegisteredActivity> Activities => _activities;

    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public TaskRegistry AddOrchestration<TInput, TOutput>(string name, Func<IOrchestrationContext, TInput?, Task<TOutput>> run)
    {
        _orchestrations.Add(name, new RegisteredOrchestration(name, async context => await run(context, context.GetInput<TInput>())));
        return this;
    }

    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public TaskRegistry AddActivity<TInput, TOutput>(string name, Func<ActivityContext, TInput?, CancellationToken, Task<TOutput>> run)
    {
        _activities.Add(
            name,
            new RegisteredActivity(name, typeof(TInput), async (context, input, ct) => await run(context, (TInput?)input, ct)));
        return this;
    }
}
