using Rotunda.Api.Views;
using Rotunda.Campaigns.Views;

namespace Rotunda.Api.OpenApi;

/// <summary>What the routes of campaigns do.</summary>
internal static class CampaignDocs
{
    private static readonly (int, string) NotFound = (404, "not-found");
    private static readonly (int, string)[] Selects = [(409, "no-catalog"), (422, "nothing-selected")];

    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["POST /api/campaigns/preview"] = new("What a campaign would do; starts nothing.", typeof(CampaignPreview))
        {
            Body = typeof(CampaignBody), Refusals = Selects,
        },
        ["POST /api/campaigns"] = new("Starts the campaign of a preview.", typeof(CampaignView))
        {
            Status = 202, Body = typeof(CampaignBody), IsIdempotent = true, Refusals = [.. Selects, (409, "other-preview")],
        },
        ["GET /api/campaigns"] = new("Campaigns, newest first.", typeof(CampaignList))
        {
            Queries = [new("limit", "How many at most.", [], Most: 200)],
        },
        ["GET /api/campaigns/{id}"] = new("One campaign: how far it is, what is left by risk, what to look at.", typeof(CampaignView))
        {
            Refusals = [NotFound],
        },
        ["GET /api/campaigns/{id}/members"] = new("A page of its members, in the order in which they start.", typeof(MemberList))
        {
            Queries =
            [
                new("phase", "Those of this phase only.", CampaignWords.Phases),
                new("after", "Those after this place.", [], Most: int.MaxValue, Least: 0),
                new("limit", "How many at most.", [], Most: 1_000),
            ],
            Refusals = [NotFound],
        },
        ["POST /api/campaigns/{id}/pause"] = Steer("Starts no more for now; what moves goes on."),
        ["POST /api/campaigns/{id}/resume"] = Steer("Goes on after a pause."),
        ["POST /api/campaigns/{id}/stop"] = Steer("Starts no more; what moves goes on to its end."),
        ["POST /api/campaigns/{id}/retry"] = Steer("Starts again those that failed, and resumes those that are stuck."),
    };

    private static RouteDoc Steer(string summary) => new(summary, typeof(CampaignAnswer))
    {
        Status = 202, Body = typeof(ReasonBody), Refusals = [NotFound, (409, "wrong-state")],
    };
}
