using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Selection;

/// <summary>The risk classes as the catalog has them, the most pressing first.</summary>
public static class RiskWords
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<RiskClass>().Select(Of)];

    public static string Of(RiskClass risk) => risk.ToString().ToLowerInvariant();

    /// <summary>What has no risk comes behind what has one.</summary>
    public static int RankOf(string? risk) => risk is null ? All.Count : All.Index().First(one => one.Item == risk).Index;
}
