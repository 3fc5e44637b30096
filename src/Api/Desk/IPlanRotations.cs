using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>The planner, as the desk uses it.</summary>
public interface IPlanRotations
{
    /// <exception cref="PlanRefusedException">No plan can be made; the message says why.</exception>
    RotationPlan Plan(Policy policy, SecretSnapshot snapshot, PlanRequest request, string catalogHash);
}

public sealed class PlanRefusedException(string message) : Exception(message);
