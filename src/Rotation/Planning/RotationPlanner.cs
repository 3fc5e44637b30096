using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Rotation.Planning;

/// <summary>Makes the plan of one rotation out of the policy, what the ledger knows, and the abilities of the providers. Pure.</summary>
public static class RotationPlanner
{
    /// <param name="snapshot">What the ledger knows now.</param>
    /// <exception cref="ArgumentException">The request contradicts itself, or the catalog was not validated against these descriptors.</exception>
    public static RotationPlan Plan(
        Policy policy,
        SecretSnapshot snapshot,
        PlanRequest request,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        string catalogHash)
    {
        Check(policy, snapshot, request, descriptors);
        var draft = new PlanDraft(policy, snapshot, request, descriptors);
        StrategyShapes.Draw(draft);
        return new RotationPlan(
            RotationPlan.CurrentInterpreterVersion,
            $"{policy.Name}-{snapshot.NextNumber}",
            policy.Name,
            snapshot.NextNumber,
            policy.Strategy,
            request.Trigger,
            request.Reason,
            request.RequestedBy,
            request.Incident,
            request.At,
            policy.Store,
            policy.Value,
            draft.Steps,
            draft.Warnings,
            catalogHash);
    }

    private static void Check(
        Policy policy, SecretSnapshot snapshot, PlanRequest request, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (snapshot.Name != policy.Name)
        {
            throw new ArgumentException($"The snapshot is of {snapshot.Name}, the policy of {policy.Name}.", nameof(snapshot));
        }
        var isEmergency = request.Trigger == RotationTrigger.Emergency;
        if (isEmergency && string.IsNullOrWhiteSpace(request.Incident))
        {
            throw new ArgumentException("An emergency needs an incident reference.", nameof(request));
        }
        if (!isEmergency && (request.RevokeFirst || request.Supersedes))
        {
            throw new ArgumentException("Only an emergency may revoke first or supersede a rotation.", nameof(request));
        }
        var types = policy.Targets.Select(t => t.Provider.Type).Concat(policy.Consumers.Select(c => c.Provider.Type)).Append(policy.Provider.Type);
        if (types.FirstOrDefault(t => !descriptors.ContainsKey(t)) is { } missing)
        {
            throw new ArgumentException($"There is no provider \"{missing}\".", nameof(descriptors));
        }
    }
}
