using Rotunda.Campaigns.Desk;

namespace Rotunda.Api.Desk;

/// <summary>What the handlers of campaigns work with.</summary>
public sealed record CampaignServices(CampaignPreviewer Previewer, CampaignDesk Desk, CampaignReader Reader);
