using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom;

/// <summary>The words of the contract with programs and webhooks (docs/exec-contract.md). They are for ever: only add.</summary>
internal static class ContractWords
{
    public const int Version = 1;

    public const int LargestAnswer = 1024 * 1024;

    /// <summary>What the contract's operations stand for, and all that implements it can do.</summary>
    public static Abilities Abilities { get; } = Operations.Of(Operations.Names);

    /// <summary>Without an answer to one of these, nobody knows whether something happened.</summary>
    public static bool Changes(string operation) => operation
        is Operations.Issue or Operations.Apply or Operations.Revoke or Operations.Disable or Operations.Enable
        or Operations.Deliver or Operations.Restore or Operations.Restart;

    public static StepOutcomeKind? OutcomeOf(string? word) => word switch
    {
        "done" => StepOutcomeKind.Done,
        "already-done" => StepOutcomeKind.AlreadyDone,
        "rejected" => StepOutcomeKind.Rejected,
        "retry-later" => StepOutcomeKind.RetryLater,
        "new-value-needed" => StepOutcomeKind.NewValueNeeded,
        "unknown" => StepOutcomeKind.Unknown,
        _ => null,
    };

    /// <summary>What is wrong with a binding's operations as a whole; null if nothing is.</summary>
    public static string? WhyOperationsDoNotFit(IReadOnlyList<string> operations)
    {
        if (operations.Contains(
            Operations.Capture,
            StringComparer.Ordinal) != operations.Contains(Operations.Restore, StringComparer.Ordinal))
        {
            return "'operations' names one of capture and restore. What is kept must be put back: name both, or none (then the value in "
                + "use is delivered again on the way back).";
        }

        if (operations.Contains(
            Operations.Disable,
            StringComparer.Ordinal) != operations.Contains(Operations.Enable, StringComparer.Ordinal))
        {
            return "'operations' names one of disable and enable. A trial that cannot be taken back is none: name both, or none.";
        }

        return operations.Count == 0 ? "'operations' is empty. Name what it can do: " + string.Join(", ", Operations.Names) + "." : null;
    }

    public static JsonObject? Handle(CredentialHandle? handle) =>
        handle is null ? null : new JsonObject { ["id"] = handle.Id, ["account"] = handle.Account, ["label"] = handle.Label };
}
