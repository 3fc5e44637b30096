using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>
/// One generation of an instance brought to life: its code, running on its pump up to the point where it waits.
/// A turn is the same whether it is new or replayed; only what is done with the list of calls differs.
/// </summary>
internal sealed class Execution
{
    private readonly Pump _pump = new();
    private readonly OrchestrationContext _context;
    private readonly OrchestrationFunction _code;
    private Task<object?>? _main;

    /// <exception cref="DriftException">The orchestration is not registered any more.</exception>
    public Execution(Identity identity, TaskRegistry registry, PayloadSerializer serializer)
    {
        _code = registry.Orchestrations.GetValueOrDefault(identity.Name)?.Run
            ?? throw new DriftException($"No orchestration is registered as '{identity.Name}'.");
        _context = new OrchestrationContext(identity, registry, serializer, _pump);
        Serializer = serializer;
    }

    public DateTimeOffset LastTurnAt => _context.CurrentUtcTime;

    public bool HasStarted => _main is not null;

    /// <summary>The status the code has set, or the one before it.</summary>
    public string? CustomStatusOr(string? before) => _context.HasCustomStatus ? _context.CustomStatus : before;

    public Dictionary<int, Operation> Pending => _context.Pending;

    public IReadOnlyList<EventRaised> UnreadEvents => _context.UnreadEvents;

    private PayloadSerializer Serializer { get; }

    /// <summary>Called from a foreign thread when the code turns out to await something that is not the context's.</summary>
    public void OnForeign(Action action) => _pump.OnForeign(action);

    /// <summary>Runs a recorded turn again.</summary>
    /// <returns>What the code called now.</returns>
    /// <exception cref="DriftException">The code did not do what the turn says it did.</exception>
    public IReadOnlyList<Operation> Replay(Turn recorded)
    {
        var called = Run(recorded.At, recorded.Received, replaying: true);
        DriftCheck.Compare(recorded.Called, called);
        _context.Adopt(recorded.Called);
        return called;
    }

    /// <summary>Runs a new turn. It has not happened until it is committed.</summary>
    public Turn Advance(DateTimeOffset at, IReadOnlyList<Received> received) => new(at, received, Run(at, received, replaying: false));

    private IReadOnlyList<Operation> Run(DateTimeOffset at, IReadOnlyList<Received> received, bool replaying)
    {
        _context.BeginTurn(at, replaying);
        _pump.Enter();
        try
        {
            foreach (var item in received)
            {
                _context.Apply(item);
            }

            if (_main is null)
            {
                Start();
            }

            _pump.Drain();
            NoteEnd();
            return _context.EndTurn();
        }
        finally
        {
            _pump.Leave();
        }
    }

    private void Start() =>
        _ = Task.Factory.StartNew(() => _main = _code(_context), CancellationToken.None, TaskCreationOptions.None, _pump);

    private void NoteEnd()
    {
        if (_pump.HasSeenForeign || (!_main!.IsCompleted && !_context.WaitsForSomething))
        {
            throw new DriftException(
                "The code awaited a task that did not come from the context. Only the context's tasks, and Task.WhenAll and Task.WhenAny "
                    + "over them, can be awaited; never with ConfigureAwait.",
                DriftException.ForeignAwait);
        }

        if (!_main.IsCompleted)
        {
            return;
        }

        if (_main.Exception is { } failure)
        {
            var cause = failure.InnerException!;
            _context.NoteEnd(id => new Threw(id, Failures.From(cause)));
        }
        else if (_main.IsCanceled)
        {
            _context.NoteEnd(id => new Threw(id, new FailureDetails(typeof(TaskCanceledException).FullName!, "A task was cancelled.")));
        }
        else if (_context.Next is { } next)
        {
            _context.NoteEnd(id => next with { Id = id });
        }
        else
        {
            NoteReturn();
        }
    }

    private void NoteReturn()
    {
        try
        {
            var output = Serializer.Serialize(_main!.Result);
            _context.NoteEnd(id => new Returned(id, output));
        }
        catch (NotSupportedException exception)
        {
            // An output without a registered contract is the orchestration's failure, as an activity's would be.
            _context.NoteEnd(id => new Threw(id, Failures.From(exception)));
        }
    }
}
