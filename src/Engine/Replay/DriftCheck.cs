using Rotunda.Engine.History;

namespace Rotunda.Engine.Replay;

/// <summary>Compares what a recorded turn called with what the code calls now: kind, name, input shape, none left over.</summary>
internal static class DriftCheck
{
    public static void Compare(IReadOnlyList<Operation> recorded, IReadOnlyList<Operation> called)
    {
        for (var i = 0; i < Math.Max(recorded.Count, called.Count); i++)
        {
            var before = i < recorded.Count ? recorded[i] : null;
            var now = i < called.Count ? called[i] : null;
            if (before is null || now is null || !Same(before, now))
            {
                throw new DriftException(
                    $"Operation {(before ?? now)!.Id}: the history has {Describe(before)}, the code {Did(now)}.{ShapeNote(before, now)}");
            }
        }
    }

    private static bool Same(Operation before, Operation now) => (before, now) switch
    {
        (ActivityCalled a, ActivityCalled b) => a.Name == b.Name && InputShape.Same(a.Input, b.Input),
        (ChildCalled a, ChildCalled b) => a.Name == b.Name && a.InstanceId == b.InstanceId && InputShape.Same(a.Input, b.Input),
        (EventAwaited a, EventAwaited b) => string.Equals(a.Name, b.Name, StringComparison.OrdinalIgnoreCase),
        (TimerCancelled a, TimerCancelled b) => a.Timer == b.Timer,
        _ => before.GetType() == now.GetType(),
    };

    private static string Describe(Operation? operation) => operation switch
    {
        null => "nothing more in this turn",
        ActivityCalled a => $"activity '{a.Name}'",
        ChildCalled c => $"child orchestration '{c.Name}' ('{c.InstanceId}')",
        TimerCreated => "a timer",
        TimerCancelled c => $"the end of timer {c.Timer}",
        EventAwaited w => $"a wait for event '{w.Name}'",
        Returned => "the orchestration's return",
        Threw t => $"the orchestration's failure ({t.Failure.ErrorType}: {t.Failure.Message})",
        ContinuedAsNew => "continue-as-new",
        _ => operation.GetType().Name,
    };

    private static string Did(Operation? operation) => operation switch
    {
        null => "called nothing more",
        Returned => "returned",
        Threw t => $"threw {t.Failure.ErrorType}: {t.Failure.Message}",
        ContinuedAsNew => "continued as new",
        TimerCancelled c => $"cancelled timer {c.Timer}",
        _ => "called " + Describe(operation),
    };

    private static string ShapeNote(Operation? before, Operation? now) => (before, now) switch
    {
        (ActivityCalled a, ActivityCalled b) when a.Name == b.Name =>
            $" The input's shape changed: {InputShape.Describe(a.Input)} became {InputShape.Describe(b.Input)}.",
        (ChildCalled a, ChildCalled b) when a.Name == b.Name && a.InstanceId == b.InstanceId =>
            $" The input's shape changed: {InputShape.Describe(a.Input)} became {InputShape.Describe(b.Input)}.",
        _ => string.Empty,
    };
}
