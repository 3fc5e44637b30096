using Rotunda.Activities.Clocks;

namespace Rotunda.Activities.Tests;

/// <summary>A system that says of its clock what a test wants.</summary>
internal sealed class FakeSystemClock : ISystemSynchronisation
{
    public bool? Says { get; set; } = true;

    public bool? IsSynchronised() => Says;
}
