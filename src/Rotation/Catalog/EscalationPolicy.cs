namespace Rotunda.Rotation.Catalog;

/// <summary>Who is told besides, where nobody answers what a rotation asks.</summary>
/// <param name="After">Counted from when it was asked.</param>
/// <param name="To">Names of channels.</param>
public sealed record EscalationPolicy(TimeSpan After, IReadOnlyList<string> To);
