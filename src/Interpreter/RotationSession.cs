using Rotunda.Orchestration;

namespace Rotunda.Interpreter;

/// <summary>A session holds what all parts of the interpreter share while they run one rotation.</summary>
/// <param name="Context">The engine: activities, timers, time, ids.</param>
/// <param name="Run">What the rotation has come to.</param>
/// <param name="Control">All waiting, and the messages of people.</param>
/// <param name="Stuck">The wait for a person, where no code can settle what happened.</param>
/// <param name="Recorder">Writes to the ledger.</param>
/// <param name="Status">Writes the custom status.</param>
internal sealed record RotationSession(
    IOrchestrationContext Context, RotationRun Run, ControlWait Control, StuckWait Stuck, Recorder Recorder, StatusReporter Status)
{
    /// <summary>Begins to listen for messages; nothing else happens yet.</summary>
    public static RotationSession Begin(IOrchestrationContext context, RotationInput input)
    {
        var run = new RotationRun(input.Plan, input.Resume);
        var status = new StatusReporter(context, run);
        var recorder = new Recorder(context, run, status, input.RecordsWritten);
        var control = new ControlWait(context, run, recorder);
        return new RotationSession(context, run, control, new StuckWait(context, run, control, recorder, status), recorder, status);
    }
}
