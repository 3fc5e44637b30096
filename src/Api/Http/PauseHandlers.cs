using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Http;

/// <summary>Pauses of the schedule: of one secret, of all with a tag, or of all.</summary>
internal static class PauseHandlers
{
    /// <summary>Longer than this a secret is better taken off its schedule in the catalog.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries();
        var (sight, pauses) = (call.Sight, await call.Services.Ledger.ListPausesAsync(call.Cancelled));
        var seen = call.Services.Desk.Secrets.Where(policy => sight.Sees(policy.Name)).ToList();
        var told = pauses.Where(pause => sight.IsWhole || seen.Exists(one => pause.Scope.Covers(one.Name, one.Tags)));
        return Answers.Json(new PauseList([.. told.Select(View)]), ApiJson.Default.PauseList);
    }

    public static Task<IResult> PauseOneAsync(ApiCall call) => PauseAsync(call, Secret(call));

    public static Task<IResult> ResumeOneAsync(ApiCall call) => ResumeAsync(call, Secret(call));

    public static Task<IResult> PauseAsync(ApiCall call) => PauseAsync(call, scope: null);

    public static Task<IResult> ResumeAsync(ApiCall call) => ResumeAsync(call, scope: null);

    private static async Task<IResult> PauseAsync(ApiCall call, PauseScope? scope)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.PauseBody);
        var reason = RotationHandlers.Required(body.Reason, "reason");
        var now = call.Services.Time.GetUtcNow();
        var until = PauseMoment.TryParse(RotationHandlers.Required(body.Until, "until"), now)
            ?? throw RefusedException.BadField("until", "has to be a day (2026-12-01), a moment (2026-12-01T08:00Z) or a duration (48h)");
        if (until <= now || until > now + s_longest)
        {
            throw RefusedException.BadField("until", $"has to lie ahead, by {s_longest.Days} days at most");
        }

        if (body.Tag is { } tag && call.Services.Desk.Secrets.All(policy => !policy.Tags.Contains(tag, StringComparer.Ordinal)))
        {
            var tags = call.Services.Desk.Secrets.Where(policy => call.Sight.Sees(policy.Name)).SelectMany(policy => policy.Tags);
            throw RefusedException.BadField(
                "tag",
                $"is on no secret of the catalog{(Suggestion.Near(tag, tags) is { } near ? $" (did you mean '{near}'?)" : "")}, so nothing "
                    + "would rest");
        }

        var pause = await call.Services.Ledger.PauseAsync(Scope(scope, body.Tag), until, reason, call.Caller.Subject, call.Cancelled);
        return Answers.Json(View(pause), ApiJson.Default.PauseView, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ResumeAsync(ApiCall call, PauseScope? scope)
    {
        call.OnlyQueries();
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.ResumeBody);
        var (of, reason) = (Scope(scope, body.Tag), RotationHandlers.Required(body.Reason, "reason"));
        return await call.Services.Ledger.ResumeAsync(of, reason, call.Caller.Subject, call.Cancelled) is { } ended
            ? Answers.Json(View(ended), ApiJson.Default.PauseView)
            : throw new RefusedException(
                StatusCodes.Status409Conflict, "not-paused",
                $"Nobody has paused '{RefusedException.Shown(of.ToString())}' by command. See what is paused: rotunda pause --list");
    }

    private static PauseScope Secret(ApiCall call)
    {
        var name = call.Part("name");
        return call.Services.Desk.Secrets.Any(policy => policy.Name == name)
            ? PauseScope.OfSecret(name)
            : throw RefusedException.NotFound(call.Services.Status.NoSecret(name));
    }

    /// <summary>The route of one secret takes no tag.</summary>
    private static PauseScope Scope(PauseScope? secret, string? tag) => secret is null
        ? tag is null ? PauseScope.Everything : PauseScope.OfTag(tag)
        : tag is null ? secret : throw RefusedException.BadField("tag", "is not for one secret; leave it out");

    private static PauseView View(PauseRecord pause) =>
        new(pause.Scope.Kind, pause.Scope.Name, pause.Until, pause.Reason, pause.By, pause.At);
}
