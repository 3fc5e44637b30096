using Rotunda.Activities.Clocks;

namespace Rotunda.Bench.Estate;

internal sealed class SilentSystem : ISystemSynchronisation
{
    public bool? IsSynchronised() => null;
}
