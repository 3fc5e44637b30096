using Rotunda.Orchestration;

namespace Rotunda.Rotation.Orchestrations;

public static class RotationOrchestrations
{
    /// <summary>Registers every orchestration of the domain.</summary>
    public static TaskRegistry AddTo(TaskRegistry registry) =>
        registry.AddOrchestration<RotationInput, RotationResult>(RotationNames.Orchestration, RotationOrchestration.RunAsync);
}
