using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// The cache wait gives systems that keep what they have read the time to read it again, before what they have not read yet is used.
/// People can end the rotation meanwhile; nobody can shorten it.
/// </summary>
internal sealed class CacheWait(RotationSession session)
{
    /// <summary>Null to go on; else how the rotation ends.</summary>
    public async Task<Ending?> RunAsync(PlannedStep step)
    {
        session.Status.Enter(step);
        TimeSpan duration;
        while (!DurationText.TryParsePlanned(step.Settings.GetValueOrDefault(StepSettings.Duration), out duration))
        {
            // A plan is frozen: only a person can end this.
            var said = await session.Stuck.WaitAsync(ControlPoint.Stuck, $"{step.Title}: the plan's duration cannot be read");
            if (said.Kind == ControlEffectKind.Stop)
            {
                return session.Control.TakeEnding();
            }
        }

        var until = session.Run.TakeSavedGate().Until ?? session.Context.CurrentUtcTime + duration;
        await session.Recorder.RecordAsync(RotationActions.WaitStarted, Actors.Rotunda, detail: null, until);
        session.Status.Waiting("verifiers to read the keys again", until, problem: null, ControlPoint.Running);
        if (await session.Control.WaitAsync(ControlPoint.Running, until) is not null)
        {
            return session.Control.TakeEnding();
        }

        await session.Recorder.RecordAsync(RotationActions.WaitEnded, Actors.Rotunda, detail: null);
        return null;
    }
}
