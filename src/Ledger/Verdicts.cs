namespace Rotunda.Ledger;

/// <summary>What a person can decide. The ledger holds these words: never change one.</summary>
public static class Verdicts
{
    public const string Approve = "approve";

    public const string Reject = "reject";
}
