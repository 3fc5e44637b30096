using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>When targets got what a rotation delivered: when its arrival was seen, or where that cannot be seen, when it was
/// delivered.</summary>
internal static class Arrivals
{
    public static IReadOnlyList<ArrivalView> Of(RotationRecord rotation, IReadOnlyList<AuditRow> audit)
    {
        var arrived = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var row in audit)
        {
            if (StepDetail.Of(row) is
                {
                    Kind: StepKinds.Deliver or StepKinds.ConfirmSync,
                    Undo: null,
                    Outcome: StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone,
                    Target: { } target,
                })
            {
                arrived[target] = row.At;
            }
        }

        return [.. arrived.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new ArrivalView(one.Key, one.Value, rotation.Id))];
    }
}
