using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

public static class RotationOrchestrations
{
    /// <summary>Registers every orchestration of the domain.</summary>
    public static TaskRegistry AddTo(TaskRegistry registry) =>
        registry.AddOrchestration<RotationInput, RotationResult>(RotationNames.Orchestration, RotationOrchestration.RunAsync)
            .AddOrchestration<NoticeDelivery, StepOutcome>(NoticeNames.Orchestration, NoticeOrchestration.RunAsync);
}
