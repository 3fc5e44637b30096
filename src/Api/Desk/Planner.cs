using Rotunda.Activities.Providers;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>The planner over this head's providers.</summary>
internal sealed class Planner(ProviderRegistry providers) : IPlanRotations
{
    public RotationPlan Plan(Policy policy, SecretSnapshot snapshot, PlanRequest request, string catalogHash)
    {
        try
        {
            return RotationPlanner.Plan(policy, snapshot, request, providers.Descriptors, catalogHash);
        }
        catch (ArgumentException refused)
        {
            throw new PlanRefusedException(refused.Message);
        }
    }
}
