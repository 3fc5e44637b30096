namespace Rotunda.Api.Views;

/// <summary>A step of the plan that a link decides on: what is done to whom, and its way back. It has no settings of systems.</summary>
/// <param name="Settings">Of the plan's settings those that a person weighs: what is asked, how long it waits, whether it can be
/// undone.</param>
/// <param name="Undo">The titles of its way back, in order.</param>
/// <param name="Facts">What it found, if the approval shows that; else null.</param>
public sealed record DecideStep(
    string Id,
    string Kind,
    string Title,
    string? Target,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<string> Undo,
    IReadOnlyDictionary<string, string>? Facts);
