using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>The honest limits of the first promise where credentials end by themselves.</summary>
internal sealed class LeaseLimits(WorldRun world)
{
    /// <summary>A lease could not be renewed: its vault was out of reach, or the clock was wrong.</summary>
    public bool HasEndedByItself(Unit unit, string used) =>
        IsOver(unit, used) && world.True - world.LastTrouble < VaultProvider.Ttl * 2;

    /// <summary>A vault lets a lease live no longer, and the rotation waits for a person who does not come.</summary>
    /// <param name="newest">What runs its newest rotation.</param>
    public bool IsLeftWaiting(Unit unit, WorldInstance? newest) =>
        newest is { HasEnded: false, CustomStatus: RotationStatus { State: RotationState.Stuck } }
        && unit.Places.Values.Any(one => one is { IsLeft: false, Loaded: { } used } && IsOver(unit, used)
            && unit.Find(used) is { } lease && lease.EndsAt >= lease.MadeAt + VaultProvider.Most);

    private bool IsOver(Unit unit, string used) =>
        unit.Kind == UnitKind.Leases && unit.Find(used) is { Ended: false, EndsAt: { } end } && end <= world.True;
}
