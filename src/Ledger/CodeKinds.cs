namespace Rotunda.Ledger;

/// <summary>What codes are for. The ledger holds these words: never change one.</summary>
public static class CodeKinds
{
    /// <summary>To give the value that a rotation asks for.</summary>
    public const string Provide = "provide";

    /// <summary>To decide on what a rotation asks for.</summary>
    public const string Decide = "decide";
}
