using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Http;

/// <summary>Emergencies that went without approval: looked at afterwards.</summary>
internal static class ReviewHandlers
{
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("all");
        var all = call.Query("all") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw RefusedException.BadField("all", "has to be true or false"),
        };
        var (sight, reviews) = (call.Sight, await call.Services.Ledger.ListReviewsAsync(all, call.Cancelled));
        return Answers.Json(
            new ReviewList([.. reviews.Where(one => sight.Sees(one.Rotation.Secret)).Select(View)]), ApiJson.Default.ReviewList);
    }

    public static async Task<IResult> CloseAsync(ApiCall call)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ReasonBody);
        var (id, reason) = (call.Part("id"), RotationHandlers.Required(body.Reason, "reason"));
        return await call.Services.Ledger.ReviewAsync(id, call.Caller.Subject, reason, call.Cancelled) switch
        {
            ReviewOutcome.Taken => Answer(id, "What you found is on record. Another person has to look at it too."),
            ReviewOutcome.AlreadyGiven => Answer(id, "You have looked at it already. Another person has to look at it too."),
            ReviewOutcome.Closed => Answer(id, "What you found is on record, and the review is closed."),
            ReviewOutcome.AlreadyClosed => throw new RefusedException(
                StatusCodes.Status409Conflict, "wrong-state",
                $"The review of {id} is closed already. See: rotunda review --all", rotationId: id),
            ReviewOutcome.OwnRequest => throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "own-request",
                $"You started {id} yourself. Ask two others to look at it: rotunda review close {id} --reason WHAT",
                rotationId: id),
            _ => throw RefusedException.NotFound($"There is no review of '{RefusedException.Shown(id)}'. See all with: rotunda review"),
        };
    }

    private static IResult Answer(string id, string message) => Answers.Json(new ControlView(id, message), ApiJson.Default.ControlView);

    private static ReviewView View(ReviewRecord review) => new(
        review.Rotation.Id, review.Rotation.Secret, Words.Of(review.Rotation.State), review.Rotation.RequestedBy, review.Rotation.Reason,
        review.Rotation.Incident, review.OpenedAt, review.ClosedAt, ReviewRecord.Need,
        [.. review.Reviewers.Select(one => new ReviewerView(one.Actor, one.Comment, one.At))]);
}
