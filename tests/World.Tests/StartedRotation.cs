using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>What the world remembers of a rotation, apart from the ledger.</summary>
/// <param name="Policy">As the catalog had it when it began.</param>
internal sealed record StartedRotation(Unit Unit, RotationPlan Plan, Policy Policy, DateTimeOffset At)
{
    /// <summary>The people who approved.</summary>
    public HashSet<string> Approved { get; } = new(StringComparer.Ordinal);

    /// <summary>A person let its grace, or another wait before the revoke, end early.</summary>
    public bool Skipped { get; set; }

    public bool IsEmergency => Plan.Trigger == RotationTrigger.Emergency;
}
