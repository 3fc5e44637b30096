using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>Makes the plan of one rotation out of the policy, what the ledger knows, and the abilities of the providers. Pure.</summary>
public static class RotationPlanner
{
    /// <param name="snapshot">What the ledger knows now.</param>
    /// <param name="stores">The catalog's stores, by name.</param>
    /// <param name="head">The stores that come with the head; null for the server's.</param>
    /// <exception cref="ArgumentException">The request contradicts itself, the catalog was not validated against these
    /// descriptors, or a value is in a store that it has no more.</exception>
    public static RotationPlan Plan(
        Policy policy,
        SecretSnapshot snapshot,
        PlanRequest request,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        string catalogHash,
        IReadOnlyDictionary<string, ProviderBinding>? stores = null,
        HeadStores? head = null)
    {
        Check(policy, snapshot, request, descriptors);
        var draft = new PlanDraft(policy, snapshot, request, descriptors);
        switch (request.Instead)
        {
            case null:
                StrategyShapes.Draw(draft);
                break;
            case Strategy.Retire:
                RetireShape.Draw(draft);
                break;
            default:
                DeliverShape.Draw(draft);
                break;
        }
        return new RotationPlan(
            RotationPlan.CurrentInterpreterVersion,
            $"{policy.Name}-{snapshot.NextNumber}",
            policy.Name,
            snapshot.NextNumber,
            request.Instead ?? policy.Strategy,
            request.Trigger,
            request.Reason,
            request.RequestedBy,
            request.Incident,
            request.At,
            policy.Store,
            policy.Value,
            draft.Steps,
            draft.Warnings,
            catalogHash,
            StoresOf(policy, snapshot, stores, head ?? HeadStores.Embedded))
        {
            AskAgain = policy.AskAgain,
            Review = draft.IsEmergency && (policy.Approval is not null || policy.Strategy == Strategy.ReEncrypt) ? true : null,
            SecretStrategy = request.Instead is null ? null : policy.Strategy,
        };
    }

    /// <summary>Frozen with the plan: where the new value goes, and where the values are that the rotation may read or destroy.</summary>
    private static Dictionary<string, ProviderBinding>? StoresOf(
        Policy policy, SecretSnapshot snapshot, IReadOnlyDictionary<string, ProviderBinding>? stores, HeadStores head)
    {
        var used = new Dictionary<string, ProviderBinding>(StringComparer.Ordinal);
        foreach (var name in snapshot.Credentials.Select(c => c.Value?.Store)
            .OfType<string>()
            .Prepend(policy.Store)
            .Where(name => !head.Names.Contains(name, StringComparer.Ordinal)))
        {
            used[name] = stores?.GetValueOrDefault(name)
                ?? throw new ArgumentException(
                    $"A value of {policy.Name} is in the store \"{name}\", which the catalog does not define. Put it back under "
                        + "\"stores\", with its settings.",
                    nameof(stores));
        }
        return used.Count == 0 ? null : used;
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
        if (isEmergency && request.Instead is not null)
        {
            throw new ArgumentException("An emergency makes a new value.", nameof(request));
        }
        if (!isEmergency && (request.RevokeFirst || (request.Supersedes && request.Instead != Strategy.Deliver)))
        {
            throw new ArgumentException(
                "Only an emergency may revoke first, and only an emergency or a deliver run supersedes a rotation.",
                nameof(request));
        }
        var types =
            policy.Targets.Select(t => t.Provider.Type).Concat(policy.Consumers.Select(c => c.Provider.Type)).Append(policy.Provider.Type);
        if (types.FirstOrDefault(t => !descriptors.ContainsKey(t)) is { } missing)
        {
            throw new ArgumentException($"There is no provider \"{missing}\".", nameof(descriptors));
        }
    }
}
