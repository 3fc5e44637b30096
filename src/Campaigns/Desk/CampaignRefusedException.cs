namespace Rotunda.Campaigns.Desk;

/// <summary>It cannot be done; the message says why, and what to do.</summary>
/// <param name="code">A stable word for programs.</param>
public sealed class CampaignRefusedException(string code, string message) : Exception(message)
{
    public const string Nothing = "nothing-selected";
    public const string OtherPreview = "other-preview";
    public const string WrongState = "wrong-state";
    public const string NoCatalog = "no-catalog";

    public string Code { get; } = code;
}
