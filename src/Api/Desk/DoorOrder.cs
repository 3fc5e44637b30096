using System.Runtime.CompilerServices;
using Rotunda.Ledger;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Keeps a door that is replaced in place and what lies behind it from rotating side by side: in the meantime Rotunda could not come in
/// there, neither on the way there nor on the way back.
/// </summary>
public sealed class DoorOrder(ILedger ledger, ProviderRegistry providers)
{
    private readonly ConditionalWeakTable<RotationCatalog, IReadOnlyDictionary<string, IReadOnlyList<string>>> _known = [];
    private readonly ConditionalWeakTable<RotationCatalog, IReadOnlyList<Policy>> _inOrder = [];

    /// <summary>The catalog's secrets, doors before what lies behind them: where both are due, the door goes first.</summary>
    public IReadOnlyList<Policy> InOrder(RotationCatalog catalog) => _inOrder.GetValue(catalog, one =>
    {
        var doors = InPlace(one);
        return [.. one.Policies.Values.OrderBy(policy => doors.ContainsKey(policy.Name))];
    });

    /// <summary>The rotation that has to end first; null if none has to.</summary>
    public async Task<RotationRecord?> WaitsForAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        var doors = InPlace(catalog);
        var others = (doors.GetValueOrDefault(policy.Name) ?? [])
            .Concat(doors.Where(pair => pair.Value.Contains(policy.Name, StringComparer.Ordinal)).Select(pair => pair.Key))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var other in others)
        {
            var filter = new RotationFilter(other, OpenOnly: true, Limit: 1);
            if (await ledger.ListRotationsAsync(filter, cancellationToken) is [var rotation, ..] && IsMoving(rotation.State))
            {
                return rotation;
            }
        }

        return null;
    }

    /// <summary>Looked up once for as long as a catalog is in force.</summary>
    private IReadOnlyDictionary<string, IReadOnlyList<string>> InPlace(RotationCatalog catalog) =>
        _known.GetValue(catalog, one => Doors.InPlace(one.Policies, providers.Descriptors));

    /// <summary>One that waits for a person or in its grace period changes nothing meanwhile.</summary>
    private static bool IsMoving(RotationState state) => state is not (RotationState.Grace or RotationState.WaitingForApproval
        or RotationState.WaitingForValue or RotationState.WaitingForRevoke);
}
