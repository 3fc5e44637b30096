using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Campaigns.Views;

namespace Rotunda.Campaigns.Run;

/// <summary>The names of what runs campaigns, as histories hold them.</summary>
public static class CampaignNames
{
    public const string Orchestration = "Campaign";
    public const string Activity = "CampaignTurn";

    /// <summary>Wakes a campaign: something was said that it should see now.</summary>
    public const string WakeEvent = "wake";
}

/// <summary>Input of the orchestration of a campaign: all else is in the ledger.</summary>
/// <param name="Run">Which of the campaign's orchestrations this is.</param>
/// <param name="Last">The counts of the last turn of the generation before; null for the first.</param>
public sealed record CampaignInput(string Id, int Run, CampaignCounts? Last = null);

/// <summary>Input of <see cref="CampaignNames.Activity"/>.</summary>
public sealed record TurnInput(string Id, int Run);

/// <summary>What one turn did, and how the campaign stands.</summary>
/// <param name="State">As the ledger has it.</param>
/// <param name="More">More could be started at once.</param>
/// <param name="HasEnded">There is nothing left to do.</param>
public sealed record TurnResult(string State, bool More, bool HasEnded, CampaignCounts Counts);

/// <summary>Output of the orchestration of a campaign.</summary>
public sealed record CampaignResult(string State, CampaignCounts? Counts);

/// <summary>The contracts of everything that goes into a campaign's history.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CampaignInput))]
[JsonSerializable(typeof(TurnInput))]
[JsonSerializable(typeof(TurnResult))]
[JsonSerializable(typeof(CampaignResult))]
public sealed partial class CampaignJson : JsonSerializerContext;
