using Rotunda.Orchestration;

namespace Rotunda.Interpreter;

/// <summary>
/// The control inbox is the rotation's only wait for control messages: one is outstanding at any time, because engines differ
/// with several. It is armed again as soon as a message is taken, and awaited together with timers.
/// </summary>
internal sealed class ControlInbox
{
    private readonly IOrchestrationContext _context;
    private Task<ControlMessage> _next;

    public ControlInbox(IOrchestrationContext context)
    {
        _context = context;
        _next = Listen();
    }

    /// <summary>Completes when there is a message to take. For <see cref="Task.WhenAny(Task[])"/>: it may also be faulted.</summary>
    public Task Arrived => _next;

    /// <summary>Takes the next message, if there is one; null for one that cannot be read.</summary>
    public bool TryTake(out ControlMessage? message)
    {
        message = null;
        if (!_next.IsCompleted)
        {
            return false;
        }

        if (_next.IsCompletedSuccessfully)
        {
            message = _next.Result;
        }

        _next = Listen();
        return true;
    }

    private Task<ControlMessage> Listen() => _context.WaitForExternalEventAsync<ControlMessage>(RotationNames.ControlEvent);
}
