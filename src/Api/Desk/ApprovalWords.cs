using Rotunda.Ledger;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Desk;

/// <summary>What is said to one who decides.</summary>
internal static class ApprovalWords
{
    public static string From(ApprovalRule rule) =>
        string.Join(", ", [.. rule.Roles.Select(role => $"whoever has the role {role}"), .. rule.People]);

    public static string NotAmong(string rotationId, ApprovalRule rule) =>
        $"The plan of {rotationId} says who may approve it: {From(rule)}. Ask one of them: rotunda approve {rotationId} --reason WHY";

    public static ControlOutcome NotEnough(RotationRecord rotation, DecisionResult result) => new(
        ControlOutcomeKind.Accepted,
        (result.Outcome == DecisionOutcome.AlreadyDecided ? "You have approved it already, and that counts once" : "Your approval is on record")
            + $": {result.Given} of {result.Need}. {rotation.Id} goes on when "
            + (result.Need - result.Given == 1 ? "another person has" : $"{result.Need - result.Given} other people have")
            + $" approved. To take yours back: rotunda withdraw {rotation.Id} --reason WHY",
        rotation.State);

    public static ControlOutcome Refusal(RotationRecord rotation, DecisionResult result) => result.Outcome switch
    {
        DecisionOutcome.OwnRequest => new(
            ControlOutcomeKind.OwnRequest,
            $"You asked for {rotation.Id} yourself; someone else has to approve it, with a token of their own.",
            rotation.State),
        DecisionOutcome.OtherPlan => new(
            ControlOutcomeKind.OtherPlan,
            $"What you decided on is not the plan of {rotation.Id}. Look at the plan that will run, and decide on that one: "
                + $"rotunda show {rotation.Id}",
            rotation.State),
        DecisionOutcome.NoCode => new(ControlOutcomeKind.NoCode, NoCode, rotation.State),
        DecisionOutcome.Rejected => new(
            ControlOutcomeKind.WrongState,
            $"Somebody has rejected {rotation.Id}, so it cannot be approved any more. See: rotunda show {rotation.Id}",
            rotation.State),
        _ => new(
            ControlOutcomeKind.WrongState,
            $"{rotation.Id} does not ask for an approval any more. See: rotunda show {rotation.Id}",
            rotation.State),
    };

    /// <summary>Wrong, used and over are told alike.</summary>
    public const string NoCode =
        "This link has been used, its time is over, or what it asks has been answered. To decide all the same: rotunda approve ROTATION "
            + "--reason WHY";
}
