namespace Rotunda.Rotation.Orchestrations;

internal static class Actors
{
    /// <summary>The actor of what no person did.</summary>
    public const string Rotunda = "rotunda";
}
