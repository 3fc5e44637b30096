using System.Reflection;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Interpreter;

namespace Rotunda.Api.Http;

internal static class SessionHandlers
{
    private static readonly string? Version =
        typeof(SessionHandlers).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <summary>For anyone: one who is not known learns how to sign in.</summary>
    public static async Task<IResult> MeAsync(ApiCall call)
    {
        call.OnlyQueries();
        Caller? caller = null;
        try
        {
            caller = await call.Services.Callers.AuthenticateAsync(call.Http);
        }
        catch (RefusedException refused) when (refused.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            call.Http.Response.Headers.WWWAuthenticate = default;
        }

        return Answers.Json(Me(call, caller, call.Http.Features.Get<SignedIn>()?.Session), ApiJson.Default.MeView);
    }

    /// <summary>Signs a browser in by the code of a login link.</summary>
    public static async Task<IResult> EnterAsync(ApiCall call)
    {
        var desk = Desk(call);
        // Else another page could sign a browser in as somebody else.
        SameOrigin.Check(call.Http);
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.SessionBody);
        var code = RotationHandlers.Required(body.Code, "code");
        if (await desk.EnterAsync(code, call.Cancelled) is not var (session, text))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "link-ended",
                "The link to '/login' that was opened has been used, or its time is over. Make another one: rotunda login");
        }

        SessionCallers.Give(call.Http.Response, text);
        var caller = call.Services.Tokens.CallerOf(session);
        return Answers.Json(Me(call, caller, session), ApiJson.Default.MeView);
    }

    /// <summary>Signs the browser out, whether its session still goes on or not.</summary>
    public static async Task<IResult> EndAsync(ApiCall call)
    {
        var desk = Desk(call);
        SameOrigin.Check(call.Http);
        try
        {
            await call.Services.Callers.AuthenticateAsync(call.Http);
        }
        catch (RefusedException refused) when (refused.Status == StatusCodes.Status401Unauthorized)
        {
            call.Http.Response.Headers.WWWAuthenticate = default;
        }

        var session = call.Http.Features.Get<SignedIn>()?.Session;
        if (session is not null)
        {
            await desk.EndAsync(session, call.Cancelled);
        }

        SessionCallers.Forget(call.Http.Response);
        return Answers.Json(new SessionEndedView(session is not null), ApiJson.Default.SessionEndedView);
    }

    /// <summary>Makes a login link for who comes with a token.</summary>
    public static async Task<IResult> LinkAsync(ApiCall call)
    {
        var desk = Desk(call);
        TokenHandlers.MustBePrivate(call.Http, "a login link");
        var link = call.Http.Features.Get<SignedIn>() is null ? await desk.LinkAsync(call.Caller, call.Cancelled) : null;
        return link is var (code, endsAt)
            ? Answers.Json(new LoginLinkView($"/login#{code}", code, endsAt), ApiJson.Default.LoginLinkView, StatusCodes.Status201Created)
            : throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "token-only",
                "A login link is made by who holds a token, on the command line: rotunda login. A browser that is signed in cannot make "
                    + "one for another.");
    }

    /// <summary>The browsers that are signed in, for an administrator.</summary>
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        var desk = Desk(call);
        var own = call.Http.Features.Get<SignedIn>()?.Session;
        var sessions = await desk.ListAsync(call.Caller.Subject, call.Cancelled);
        return Answers.Json(
            new SessionListView([.. sessions.Select(session => SignedInView.Of(session, desk.IdleEnd(session), own))]),
            ApiJson.Default.SessionListView);
    }

    /// <summary>Signs others out: one browser, or all of a person.</summary>
    public static async Task<IResult> EndOthersAsync(ApiCall call)
    {
        var desk = Desk(call);
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.EndSessionsBody);
        if (string.IsNullOrEmpty(body.Id) == string.IsNullOrEmpty(body.Person))
        {
            throw RefusedException.BadField("person", "or 'id' has to be given, and one of them only");
        }

        var ended = await desk.EndAsync(
            call.Caller.Subject,
            session => session.Id == body.Id || Actors.PersonOf(session.Subject).Equals(body.Person, StringComparison.OrdinalIgnoreCase),
            call.Cancelled);
        return ended > 0
            ? Answers.Json(new SessionsEndedView(ended), ApiJson.Default.SessionsEndedView)
            : throw RefusedException.NotFound(
                $"No browser is signed in as '{RefusedException.Shown(body.Person ?? body.Id!)}'. See all under /api/sessions.");
    }

    private static SessionDesk Desk(ApiCall call)
    {
        call.OnlyQueries();
        return call.Services.Sessions.HasSessions
            ? call.Services.Sessions
            : throw new RefusedException(
                StatusCodes.Status404NotFound,
                "no-sessions",
                "This head keeps no sessions of its own. Sign in at the platform: /.auth/login/aad (docs/azure-operations.md).");
    }

    private static MeView Me(ApiCall call, Caller? caller, SessionRecord? session)
    {
        var ways = call.Services.Sessions.Ways;
        return new(
            caller is not null,
            caller?.Subject,
            caller is null ? null : Actors.PersonOf(caller.Subject),
            caller?.Roles ?? [],
            caller is null ? [] : [.. Enum.GetValues<Permission>().Where(caller.May)],
            caller is null ? null : By(call.Http, session is not null, call.Services.Sessions.HasSessions),
            session is null ? null : View(call, session),
            ways.Ways,
            ways.SignOut,
            ways.Live ? "events" : "poll",
            caller is null ? null : Version)
        {
            SeesAll = caller is not null && call.Services.Grants.SightOf(caller).IsWhole,
        };
    }

    private static string By(HttpContext http, bool session, bool server) =>
        session ? "session" : server ? "token" : http.Features.Get<HostCheckedKey>() is null ? "platform" : "key";

    private static SessionView View(ApiCall call, SessionRecord session) => new(
        session.IsByProvider ? "oidc" : "link",
        session.StartedAt,
        session.SignedInAt,
        call.Services.Sessions.IdleEnd(session),
        session.EndsAt);
}
