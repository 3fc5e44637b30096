namespace Rotunda.Orchestration;

/// <summary>
/// What an orchestration may touch. Semantics and names are Durable Task's: the orchestration is replayed from its history
/// each time something happens, so everything that is not in its input (time, ids, results, waiting) comes from here.
/// </summary>
/// <remarks>
/// Called only by orchestration code, on the engine's pump. Never await a task that did not come from this context
/// (or from <see cref="Task.WhenAll(Task[])"/> and <see cref="Task.WhenAny(Task[])"/> over such tasks), and never call
/// <c>ConfigureAwait</c>. A call that does not repeat on replay (other order, name or kind) is drift:
/// the instance becomes <see cref="OrchestrationStatus.Stuck"/> and nothing is appended to its history.
/// </remarks>
public interface IOrchestrationContext
{
    /// <summary>The registered name of this orchestration.</summary>
    string Name { get; }

    /// <summary>The id this instance was started with. Unique in its task hub.</summary>
    string InstanceId { get; }

    /// <summary>The time (UTC) of the newest event that woke the orchestration. The same at each replay.</summary>
    DateTimeOffset CurrentUtcTime { get; }

    /// <summary>True while the code runs over recorded events. Use it only to keep logs from repeating.</summary>
    bool IsReplaying { get; }

    /// <summary>The input the instance was started with (after continue-as-new: the new input).</summary>
    T? GetInput<T>();

    /// <summary>A new id, the same at each replay (derived from the instance id, the time and a counter).</summary>
    Guid NewGuid();

    /// <summary>
    /// Runs an activity, at least once, and gives its result. The activity sees a stable idempotency key.
    /// </summary>
    /// <exception cref="TaskFailedException">The activity threw. Engines do not retry; the caller decides.</exception>
    Task<TResult> CallActivityAsync<TResult>(string name, object? input = null);

    /// <summary>Starts a child instance and waits for its output.</summary>
    /// <param name="name">The registered name of the orchestration.</param>
    /// <param name="input">The child's input.</param>
    /// <param name="instanceId">The child's id; when null, one that is derived from the parent's id.</param>
    /// <exception cref="TaskFailedException">The child failed or was terminated, or its id is taken.</exception>
    Task<TResult> CallSubOrchestrationAsync<TResult>(string name, object? input = null, string? instanceId = null);

    /// <summary>A durable timer. A due time in the past fires at once.</summary>
    /// <param name="fireAt">When it fires, absolute.</param>
    /// <param name="cancellationToken">Cancels the timer: the task ends cancelled and nothing stays scheduled.
    /// Cancel from orchestration code only. An unfired timer does not keep a finished instance running.</param>
    Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for an external event by name (names are not case-sensitive). Events that came before the wait are buffered
    /// and served first in, first out. With several waiters on one name the engines differ, so keep one at a time.
    /// </summary>
    Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default);

    /// <summary>Sets what clients see as the status while the orchestration runs. At most 16 KB as JSON (UTF-16).</summary>
    void SetCustomStatus(object? status);

    /// <summary>
    /// Ends this generation and starts the next one under the same instance id with an empty history.
    /// Takes effect when the orchestration function returns.
    /// </summary>
    /// <param name="input">The next generation's input.</param>
    /// <param name="preserveUnprocessedEvents">Carries external events that nobody waited for over to the next generation.</param>
    void ContinueAsNew(object? input, bool preserveUnprocessedEvents = true);
}
