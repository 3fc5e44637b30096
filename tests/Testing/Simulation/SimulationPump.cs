namespace Rotunda.Testing.Simulation;

/// <summary>The one logical thread of a simulated orchestration: continuations queue here and run when the pump is drained.</summary>
internal sealed class SimulationPump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("A continuation left the pump.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="first"/>, and everything that follows from it.</summary>
    public void Run(Action? first = null)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            first?.Invoke();
            while (_queue.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
