namespace Rotunda.Files;

/// <summary>
/// Runs what goes ahead: on threads of its own, so that it does not queue behind all that waits for the thread pool, and on the pool too,
/// whichever is sooner. So a piece that blocks its thread holds nobody up.
/// </summary>
internal sealed class FastScheduler : TaskScheduler
{
    private readonly Queue<Task> _waiting = new();
    private readonly object _gate = new();

    public FastScheduler()
    {
        for (var number = 0; number < Environment.ProcessorCount; number++)
        {
            new Thread(Serve) { IsBackground = true, Name = "rotunda-fast" }.UnsafeStart();
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _waiting.Enqueue(task);
            Monitor.Pulse(_gate);
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => self.RunOne(), this, preferLocal: false);
    }

    /// <summary>What was queued may be run here as well: its place in the queue then finds it done.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _waiting];
        }
    }

    private void Serve()
    {
        while (true)
        {
            Task? task;
            lock (_gate)
            {
                while (!_waiting.TryDequeue(out task))
                {
                    Monitor.Wait(_gate);
                }
            }

            TryExecuteTask(task);
        }
    }

    private void RunOne()
    {
        Task? task;
        lock (_gate)
        {
            _waiting.TryDequeue(out task);
        }

        if (task is not null)
        {
            TryExecuteTask(task);
        }
    }
}
