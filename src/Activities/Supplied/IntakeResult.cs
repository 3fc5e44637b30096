namespace Rotunda.Activities.Supplied;

/// <param name="Message">For people; never with the value in it.</param>
public sealed record IntakeResult(IntakeKind Kind, string Message);
