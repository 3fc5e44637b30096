using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Desk;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Http;

/// <summary>Campaigns: previewed, started, read and steered. What a caller may not rotate is left out of a new one; one that has such
/// members is steered by others.</summary>
internal static class CampaignHandlers
{
    public static async Task<IResult> PreviewAsync(ApiCall call)
    {
        call.OnlyQueries();
        var wish = Wish(call, await JsonBody.ReadAsync(call.Http, BodyJson.Default.CampaignBody));
        return Answers.Json(
            await AskAsync(() => call.Services.Campaigns.Previewer.PreviewAsync(wish, call.Cancelled)), ApiJson.Default.CampaignPreview);
    }

    public static async Task<IResult> StartAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.CampaignBody);
        var (wish, preview) = (Wish(call, body), RotationHandlers.Required(body.Preview, "preview"));
        var campaign = await AskAsync(() => call.Services.Campaigns.Desk.StartAsync(
            wish, preview, RotationHandlers.StartKey(call), call.Cancelled));
        call.Http.Response.Headers.Location = $"/api/campaigns/{campaign.Id}";
        return Answers.Json(
            (await ViewAsync(call, campaign.Id))!, ApiJson.Default.CampaignView, StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("limit");
        var limit = RotationHandlers.Limit(call, otherwise: 50, max: 200);
        return Answers.Json(
            await call.Services.Campaigns.Reader.ListAsync(call.Sight.Sees, openOnly: false, limit, call.Cancelled),
            ApiJson.Default.CampaignList);
    }

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Answers.Json(await ViewAsync(call, call.Part("id")) ?? throw Unknown(call), ApiJson.Default.CampaignView);
    }

    public static async Task<IResult> MembersAsync(ApiCall call)
    {
        call.OnlyQueries("phase", "after", "limit");
        MemberPhase? phase = call.Query("phase") is { } word
            ? CampaignWords.Phase(word) ?? throw RefusedException.BadField(
                "phase", $"has to be one of {string.Join(", ", CampaignWords.Phases)}")
            : null;
        var found = await call.Services.Campaigns.Reader.ListMembersAsync(
            call.Part("id"), call.Sight.Sees, phase, call.Number("after", 0, 0, int.MaxValue),
            RotationHandlers.Limit(call, otherwise: 100, max: 1_000), call.Cancelled);
        return Answers.Json(found ?? throw Unknown(call), ApiJson.Default.MemberList);
    }

    public static Task<IResult> PauseAsync(ApiCall call) => SteerAsync(call, Permission.Control, call.Services.Campaigns.Desk.PauseAsync);

    public static Task<IResult> ResumeAsync(ApiCall call) => SteerAsync(call, Permission.Start, call.Services.Campaigns.Desk.ResumeAsync);

    public static Task<IResult> StopAsync(ApiCall call) => SteerAsync(call, Permission.Control, call.Services.Campaigns.Desk.StopAsync);

    public static Task<IResult> RetryAsync(ApiCall call) => SteerAsync(call, Permission.Start, call.Services.Campaigns.Desk.RetryAsync);

    private static async Task<IResult> SteerAsync(
        ApiCall call, Permission permission, Func<string, string, string, CancellationToken, Task<CampaignAnswer>> steer)
    {
        call.OnlyQueries();
        var id = call.Part("id");
        if (await ViewAsync(call, id) is null)
        {
            throw Unknown(call);
        }

        if (WhyNot(call, permission, await call.Services.Ledger.ListMembersAsync(id, call.Cancelled)) is { } whyNot)
        {
            throw new RefusedException(StatusCodes.Status403Forbidden, "not-granted", $"{whyNot} Ask somebody who has it to do this.");
        }

        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        var answer = await AskAsync(() => steer(id, call.Caller.Subject, reason, call.Cancelled));
        return Answers.Json(answer, ApiJson.Default.CampaignAnswer, StatusCodes.Status202Accepted);
    }

    private static Task<CampaignView?> ViewAsync(ApiCall call, string id) => call.Services.Campaigns.Reader.GetAsync(
        id, call.Sight.Sees, members => WhyNot(call, Permission.Control, members), call.Cancelled);

    /// <summary>Null if the caller may do it to every member.</summary>
    private static string? WhyNot(ApiCall call, Permission permission, IReadOnlyList<CampaignMember> members)
    {
        if (call.Caller.MayEverywhere(permission))
        {
            return null;
        }

        var others = members.Count(member => !call.Caller.MayOn(permission, call.Services.Grants.MarksInForce(member.Secret)));
        return others == 0 ? null
            : $"This needs the role {Roles.Needed(permission)} for each of its secrets; yours is not for {others} of them.";
    }

    private static CampaignWish Wish(ApiCall call, CampaignBody body)
    {
        var (sight, caller) = (call.Sight, call.Caller);
        try
        {
            return WishReader.Read(body, caller.Subject, policy =>
                caller.MayOn(Permission.Start, new SecretMarks(policy.Name, policy.Owner, policy.Tags)) ? MemberRight.May
                : sight.Sees(policy.Name) ? MemberRight.LeftOut
                : MemberRight.Unseen);
        }
        catch (WishFieldException wrong)
        {
            throw RefusedException.BadField(wrong.Field, wrong.Problem);
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (CampaignRefusedException refused)
        {
            throw new RefusedException(
                refused.Code == CampaignRefusedException.Nothing
                    ? StatusCodes.Status422UnprocessableEntity
                    : StatusCodes.Status409Conflict,
                refused.Code,
                refused.Message);
        }
    }

    private static RefusedException Unknown(ApiCall call) => RefusedException.NotFound(
        $"There is no campaign '{RefusedException.Shown(call.Part("id"))}'. See all with: rotunda campaign list");
}
