using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Ledger;

/// <summary>What a start must find: fewer of the secret's group under way than may be.</summary>
/// <param name="Others">The names of the others of the group.</param>
public sealed record GroupLimit(RotationGroup Group, IReadOnlyList<string> Others)
{
    /// <summary>Null for a secret in no group, or alone in one.</summary>
    public static GroupLimit? Of(RotationCatalog catalog, Policy policy)
    {
        if (policy.Group is not { } group)
        {
            return null;
        }

        var others = catalog.Policies.Values.Where(other => other.Group?.Name == group.Name && other.Name != policy.Name)
            .Select(other => other.Name).ToList();
        return others.Count == 0 ? null : new GroupLimit(group, others);
    }

    /// <summary>Why the secret may not start now, half a sentence for people; null if it may.</summary>
    public async Task<string?> WhyFullAsync(ILedger ledger, CancellationToken cancellationToken)
    {
        var open = new List<string>();
        foreach (var other in Others)
        {
            if ((await ledger.GetSecretAsync(other, cancellationToken))?.ActiveRotationId is { } id)
            {
                open.Add(id);
            }
        }

        return GroupRoom.WhyFull(Group, open);
    }
}
