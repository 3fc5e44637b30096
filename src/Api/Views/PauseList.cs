namespace Rotunda.Api.Views;

/// <summary>The pauses in force, oldest first.</summary>
public sealed record PauseList(IReadOnlyList<PauseView> Pauses);
