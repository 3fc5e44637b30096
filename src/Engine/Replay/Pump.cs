namespace Rotunda.Engine.Replay;

/// <summary>
/// The one logical thread of an instance. Continuations of orchestration code are queued here and run in order, by whoever
/// has entered the pump; nothing runs inline, so the order is the same live and in replay. A continuation that comes from
/// another thread means that the code awaited something that is not the context's: it is refused and reported.
/// </summary>
internal sealed class Pump : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private Action? _onForeign;
    private int _owner;
    private bool _foreign;

    public override int MaximumConcurrencyLevel => 1;

    public bool IsMine => Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId;

    /// <summary>True once something reached the instance from another thread than its own. Never taken back.</summary>
    public bool HasSeenForeign => Volatile.Read(ref _foreign);

    /// <summary>Called, on that other thread, when something foreign arrives.</summary>
    public void OnForeign(Action action) => _onForeign = action;

    public void ReportForeign()
    {
        Volatile.Write(ref _foreign, true);
        _onForeign?.Invoke();
    }

    public void Enter() => Volatile.Write(ref _owner, Environment.CurrentManagedThreadId);

    public void Leave() => Volatile.Write(ref _owner, 0);

    /// <summary>Runs until the code can go no further without a new event.</summary>
    public void Drain()
    {
        while (_ready.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (IsMine)
        {
            _ready.Enqueue(task);
        }
        else
        {
            ReportForeign();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
