using System.Text.Json;
using Microsoft.DurableTask;

namespace Rotunda.Functions;

/// <summary>
/// Waits for external events, first come, first served, by name. Durable Task gives an event to the newest waiter, and loses it if
/// that one was cancelled; so there is one wait per name there, and the waiters of the code queue up here.
/// </summary>
internal sealed class DurableEvents(TaskOrchestrationContext inner)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.OrdinalIgnoreCase);
    private bool _forward;

    /// <summary>The payload as JSON; null if the event came without one.</summary>
    public Task<JsonElement?> WaitAsync(string name, CancellationToken cancellationToken)
    {
        if (!_lines.TryGetValue(name, out var line))
        {
            _lines[name] = line = new Line(name);
        }

        if (line.Unread.TryDequeue(out var payload))
        {
            return Task.FromResult(payload);
        }

        var waiter = new TaskCompletionSource<JsonElement?>();
        cancellationToken.UnsafeRegister(_ => waiter.TrySetCanceled(cancellationToken), null);
        line.Waiters.Enqueue(waiter);
        if (!line.Listens)
        {
            line.Listens = true;
            _ = ListenAsync(line);
        }

        return waiter.Task;
    }

    /// <summary>Events that were taken from Durable Task, or are taken from now on, go to the next generation.</summary>
    public void ContinueAsNew(bool preserveUnprocessedEvents)
    {
        _forward = preserveUnprocessedEvents;
        foreach (var line in _lines.Values)
        {
            while (line.Unread.TryDequeue(out var payload))
            {
                Forward(line, payload);
            }
        }
    }

    private async Task ListenAsync(Line line)
    {
        while (true)
        {
            Hand(line, await inner.WaitForExternalEvent<JsonElement?>(line.Name));
            if (!line.IsAwaited)
            {
                line.Listens = false;
                return;
            }
        }
    }

    private void Hand(Line line, JsonElement? payload)
    {
        if (_forward)
        {
            Forward(line, payload);
            return;
        }

        while (line.Waiters.TryDequeue(out var waiter))
        {
            if (waiter.TrySetResult(payload))
            {
                return;
            }
        }

        line.Unread.Enqueue(payload);
    }

    private void Forward(Line line, JsonElement? payload)
    {
        if (_forward)
        {
            inner.SendEvent(inner.InstanceId, line.Name, payload!);
        }
    }

    private sealed class Line(string name)
    {
        public string Name { get; } = name;

        public Queue<TaskCompletionSource<JsonElement?>> Waiters { get; } = new();

        public Queue<JsonElement?> Unread { get; } = new();

        public bool Listens { get; set; }

        /// <summary>Somebody waits who has not been cancelled.</summary>
        public bool IsAwaited => Waiters.Any(waiter => !waiter.Task.IsCompleted);
    }
}
