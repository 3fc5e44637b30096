namespace Rotunda.Api.Views;

/// <summary>What a rotation asks for, and who has answered.</summary>
/// <param name="Step">The step that asks.</param>
/// <param name="Given">How many people have approved.</param>
/// <param name="Need">How many have to.</param>
/// <param name="Roles">Whoever has one of these may; with <paramref name="People"/> empty too, whoever may approve at all.</param>
/// <param name="People">These people may.</param>
/// <param name="Decisions">All of the rotation, oldest first.</param>
public sealed record ApprovalView(
    string Step,
    int Given,
    int Need,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> People,
    IReadOnlyList<DecisionView> Decisions);
