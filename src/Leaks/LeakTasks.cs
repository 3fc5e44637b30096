using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Run;
using Rotunda.Orchestration;

namespace Rotunda.Leaks;

public static class LeakTasks
{
    /// <summary>Registers the orchestrations and the activities of leaks.</summary>
    /// <param name="turn">Asked for at a turn: what takes it starts rotations, and so stands on the engine that this is registered
    /// with.</param>
    public static TaskRegistry AddTo(TaskRegistry registry, Func<LeakTurn> turn, Func<AlertTurn> alert) =>
        registry.AddOrchestration<LeakInput, LeakTurnResult>(LeakNames.Orchestration, LeakOrchestration.RunAsync)
            .AddActivity<LeakTurnInput, LeakTurnResult>(
                LeakNames.Activity, (_, input, cancellationToken) => turn().RunAsync(input!, cancellationToken))
            .AddOrchestration<AlertInput, AlertTurnResult>(LeakNames.AlertOrchestration, AlertOrchestration.RunAsync)
            .AddActivity<AlertTurnInput, AlertTurnResult>(
                LeakNames.AlertActivity, (_, input, cancellationToken) => alert().RunAsync(input!, cancellationToken));
}
