using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>Which targets of the catalog a rotation's frozen plan does not deliver to. Pure.</summary>
public static class Undelivered
{
    /// <summary>
    /// Empty where the plan delivers to each. A target is told by its type and its settings: under the name that it had, and with
    /// another path or key, it is another place, which holds what it held.
    /// </summary>
    public static IReadOnlyList<TargetBinding> Of(Policy policy, RotationPlan plan)
    {
        var delivered = plan.Steps
            .Where(step => step is { Kind: StepKinds.Deliver, Provider: not null } && !step.Settings.ContainsKey(StepSettings.Withdraw))
            .Select(step => step.Provider!)
            .ToList();
        return [.. policy.Targets.Where(target => !delivered.Exists(one => IsSame(one, target.Provider)))];
    }

    private static bool IsSame(ProviderBinding one, ProviderBinding other) =>
        one.Type == other.Type && JsonNode.DeepEquals(one.Settings, other.Settings);
}
