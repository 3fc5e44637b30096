using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.OpenApi;

/// <summary>What each route does, takes and answers. A test walks every route and holds this against what it really answers.</summary>
internal static class RouteDocs
{
    private static readonly (int, string) NotFound = (404, "not-found");
    private static readonly (int, string) NoSessions = (404, "no-sessions");
    private static readonly (int, string) NoTokens = (404, "no-tokens");
    private static readonly (int, string)[] Start = [NotFound, (409, "rotation-open"), (422, "no-plan")];
    private static readonly (int, string)[] Given = [(409, "wrong-state"), (409, "value-busy"), (422, "value-shape")];
    private static readonly string[] YesNo = ["true", "false"];

    private static readonly string States = string.Join(", ", Enum.GetValues<RotationState>().Select(Words.Of));

    /// <summary>By method and pattern.</summary>
    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["GET /healthz"] = new("Whether the process answers.", typeof(HealthView)),
        ["GET /readyz"] = new("Whether its parts work; a word for each that does not.", typeof(HealthView)) { OtherStatus = 503 },
        ["GET /health/secrets"] = new("Whether the secrets are well: 503 where one is overdue, stuck or not delivered.",
            typeof(SecretsHealthView))
        {
            OtherStatus = 503,
        },
        ["GET /metrics"] = new("Everything that is measured, as Prometheus reads it.", null)
        {
            ContentType = "text/plain", Refusals = [(403, "not-granted")],
        },
        ["GET /openapi/v1.json"] = new("This document.", null),
        ["GET /api/me"] = new("Who asks, what that one may do, and which ways of signing in there are.", typeof(MeView)),
        ["POST /api/session"] = new("Signs a browser in by the code of a login link; from the page itself only.", typeof(MeView))
        {
            Body = typeof(SessionBody), Refusals = [NoSessions, (403, "link-ended"), (403, "cross-site")],
        },
        ["POST /api/session/end"] = new("Signs the browser out; from the page itself only.", typeof(SessionEndedView))
        {
            Refusals = [NoSessions, (403, "cross-site"), (415, "not-json")],
        },
        ["POST /api/session/link"] = new("Makes a login link for who comes with a token.", typeof(LoginLinkView))
        {
            Status = 201, Refusals = [NoSessions, (403, "token-only"), (403, "not-private")],
        },
        ["GET /api/changes"] = new("What changed after a row of the audit; without 'after', only where to begin.", typeof(ChangeList))
        {
            Queries = [new("after", "The last row that is known.", [], Most: long.MaxValue, Least: 0)],
        },
        ["GET /api/events"] = new("What changes, as it happens: Server-Sent Events, resumed by Last-Event-ID.", null)
        {
            ContentType = "text/event-stream", Refusals = [(404, "no-events")],
        },
        ["GET /api/home"] = new("What needs a person, what runs, and all secrets in numbers.", typeof(HomeView)),
        ["GET /api/calendar"] = new("What comes in the next days.", typeof(CalendarView))
        {
            Queries = [new("days", "How many days.", [], Most: 31)],
        },
        ["GET /api/next"] = new("The runs to come.", typeof(NextRuns))
        {
            Queries = [QueryDoc.Text("secret", "Of this secret only."), new("count", "How many at most.", [], Most: 1_000)],
            Refusals = [NotFound],
        },
        ["GET /api/secrets"] = new("Secrets with their status group: all of the catalog, or with a parameter a page.", typeof(SecretList))
        {
            Queries =
            [
                QueryDoc.Text("q", "Those whose name has this text."),
                QueryDoc.Text("group", "Those of this group of the status."),
                QueryDoc.Text("after", "Those after this name."),
                new("limit", "How many at most.", [], Most: 200),
            ],
        },
        ["GET /api/secrets/{name}"] = new("One secret, with credentials and recent rotations.", typeof(SecretView))
        {
            Refusals = [NotFound],
        },
        ["GET /api/secrets/{name}/plan"] = new("The plan that a start would have now.", typeof(RotationPlan))
        {
            Queries =
            [
                new("trigger", "What would start it.", ["manual", "schedule", "emergency"]),
                new("revokeFirst", "Emergencies only: whether the old credential would be revoked first.", YesNo),
                new("run", "What would be run.", ["rotate", "deliver", "retire"]),
            ],
            Refusals = [NotFound, (422, "no-plan")],
        },
        ["POST /api/secrets/{name}/adopt"] = new("Takes what the catalog tells for the credential in use.", typeof(AdoptedView))
        {
            Body = typeof(ControlBody), Refusals = [NotFound, (409, "rotation-open"), (422, "not-adopted")],
        },
        ["GET /api/secrets/{name}/drift"] = new("What the last look found.", typeof(DriftView)) { Refusals = [NotFound] },
        ["POST /api/secrets/{name}/verify"] = new("Looks at one secret's targets and provider now.", typeof(DriftView))
        {
            Refusals = [NotFound],
        },
        ["POST /api/secrets/{name}/deliver"] = new("Brings the value in use to its targets again.", typeof(StartedView))
        {
            Status = 202, Body = typeof(ReasonBody), IsIdempotent = true, Refusals = Start,
        },
        ["POST /api/secrets/{name}/retire"] = new("Ends a secret that left the catalog.", typeof(StartedView))
        {
            Status = 202, Body = typeof(ReasonBody), IsIdempotent = true, Refusals = Start,
        },
        ["POST /api/secrets/{name}/hand-over"] = new("A person takes care of its live credentials from now on.", typeof(HandedOverView))
        {
            Body = typeof(ReasonBody), Refusals = [NotFound, (409, "rotation-open")],
        },
        ["POST /api/verify"] = new("Looks at all secrets now.", typeof(DriftList)) { Refusals = [NotFound] },
        ["GET /api/orphans"] = new("Credentials that only a person can settle.", typeof(OrphanList)),
        ["POST /api/orphans/{id}/settle"] = new("What becomes of one.", typeof(SettledView))
        {
            OtherStatus = 202, Body = typeof(SettleBody), Refusals = [NotFound, (409, "not-settled")],
        },
        ["GET /api/rotations"] = new("Rotations, newest first.", typeof(RotationList))
        {
            Queries =
            [
                QueryDoc.Text("secret", "Of this secret only."),
                QueryDoc.Text("state", $"In this state only, or 'open' for all that have not ended: {States}."),
                new("trigger", "Started by this only.", ["manual", "schedule", "emergency"]),
                QueryDoc.Text("incident", "For this incident only."),
                new("limit", "How many at most.", [], Most: 1_000),
            ],
        },
        ["POST /api/rotations"] = new("Starts a rotation.", typeof(StartedView))
        {
            Status = 202, Body = typeof(StartBody), IsIdempotent = true, Refusals = Start,
        },
        ["GET /api/rotations/{id}"] = new("One rotation: where it is, what it waits for, what happened, its plan.", typeof(RotationView))
        {
            Refusals = [NotFound],
        },
        ["POST /api/rotations/{id}/approve"] = Control(
            "Approves what waits for it.", [(403, "own-request"), (403, "not-asked"), (409, "other-plan")]),
        ["POST /api/rotations/{id}/reject"] = Control("Rejects what waits for approval.", [(409, "other-plan")]),
        ["POST /api/rotations/{id}/withdraw"] = new("Takes the caller's approval back.", typeof(ControlView))
        {
            Status = 202, Body = typeof(ReasonBody), Refusals = [NotFound, (409, "wrong-state")],
        },
        ["POST /api/rotations/{id}/decide-link"] = new("Makes a link by which one person decides once.", typeof(DecideLinkView))
        {
            Status = 201, Body = typeof(DecideLinkBody), Refusals = [(403, "not-private"), (409, "wrong-state")],
        },
        ["POST /api/decisions/look"] = new("What a link asks for; it decides nothing.", typeof(DecideView))
        {
            Body = typeof(FormLookBody), Refusals = [(404, "no-such-code")],
        },
        ["POST /api/decisions/decide"] = new("Approves or rejects by a link, which is used up by that.", typeof(ControlView))
        {
            Status = 202,
            Body = typeof(DecideBody),
            Refusals =
            [
                (404, "no-such-code"), (409, "wrong-state"), (409, "other-plan"), (403, "own-request"), (403, "not-asked"),
                (403, "not-granted"), (404, "not-found"), (403, "sign-in-again"), (403, "cross-site"),
            ],
        },
        ["POST /api/rotations/{id}/skip-grace"] = Control("Ends a grace period early.", [(403, "own-request")]),
        ["POST /api/rotations/{id}/rollback"] = Control("Undoes what was done."),
        ["POST /api/rotations/{id}/cancel"] = Control("Ends it before anything is promoted."),
        ["POST /api/rotations/{id}/resume"] = Control("Goes on after a pause, or tries again what is stuck."),
        ["POST /api/rotations/{id}/pause"] = Control("Stops before the next step."),
        ["POST /api/rotations/{id}/extend-grace"] = Control("Lengthens the grace period."),
        ["POST /api/rotations/{id}/confirm"] = Control("Says that the old credential is ended, where no API could revoke it."),
        ["POST /api/rotations/{id}/provide"] = new("Gives the value that a rotation asks for. No answer holds it.", typeof(ProvidedView))
        {
            Status = 202, Body = typeof(ProvideBody), Refusals = [NotFound, .. Given],
        },
        ["POST /api/rotations/{id}/provide-link"] = new("Makes a one-time code by which the value can be given.", typeof(ProvideLinkView))
        {
            Status = 201, Body = typeof(ProvideLinkBody), Refusals = [(409, "wrong-state")],
        },
        ["POST /api/forms/look"] = new("What the rotation of a one-time code asks for.", typeof(FormView))
        {
            Body = typeof(FormLookBody), Refusals = [(404, "no-such-code")],
        },
        ["POST /api/forms/provide"] = new("Gives the value by a one-time code. No answer holds it.", typeof(ProvidedView))
        {
            Status = 202, Body = typeof(FormBody), Refusals = [(404, "no-such-code"), .. Given],
        },
        ["POST /api/secrets/{name}/pause"] = new("Pauses the scheduled rotations of one secret.", typeof(PauseView))
        {
            Status = 201, Body = typeof(PauseBody), Refusals = [NotFound],
        },
        ["POST /api/secrets/{name}/resume"] = new("Ends the pause of one secret.", typeof(PauseView))
        {
            Body = typeof(ResumeBody), Refusals = [NotFound, (409, "not-paused")],
        },
        ["GET /api/pauses"] = new("What people have paused of the schedule.", typeof(PauseList)),
        ["POST /api/pauses"] = new("Pauses the scheduled rotations of all secrets with a tag, or of all.", typeof(PauseView))
        {
            Status = 201, Body = typeof(PauseBody),
        },
        ["POST /api/pauses/end"] = new("Ends the pause of a tag, or of all.", typeof(PauseView))
        {
            Body = typeof(ResumeBody), Refusals = [(409, "not-paused")],
        },
        ["GET /api/reviews"] = new("Emergencies that went without approval, and who has looked at them.", typeof(ReviewList))
        {
            Queries = [new("all", "Also those that are closed.", YesNo)],
        },
        ["POST /api/reviews/{id}/close"] = new("Says that the caller has looked at one; two people close it.", typeof(ControlView))
        {
            Body = typeof(ReasonBody), Refusals = [NotFound, (409, "wrong-state"), (403, "own-request")],
        },
        ["GET /api/doctor"] = new("Looks at all that rotations would touch, and tells what is wrong.", typeof(DoctorReport))
        {
            Queries = [new("last", "What was found last, at once.", YesNo)],
        },
        ["POST /api/notices/test"] = new("Sends a test message by a channel, or by all.", typeof(NoticeTestView))
        {
            Body = typeof(NoticeTestBody), Refusals = [NotFound, (409, "no-channels")],
        },
        ["GET /api/tokens"] = new("All tokens, without their texts.", typeof(TokenList)) { Refusals = [NoTokens] },
        ["POST /api/tokens"] = new("Makes a token; this answer alone holds its text.", typeof(NewTokenView))
        {
            Status = 201, Body = typeof(TokenBody), Refusals = [NoTokens, (403, "not-private"), (409, "token-refused")],
        },
        ["POST /api/tokens/{name}/revoke"] = new("Ends a token.", typeof(TokenView))
        {
            Refusals = [NoTokens, NotFound, (409, "token-refused")],
        },
        ["POST /api/tokens/{name}/renew"] = new("Gives a token another end; its text stays.", typeof(TokenView))
        {
            Body = typeof(RenewBody), Refusals = [NoTokens, NotFound, (409, "token-refused")],
        },
        ["GET /api/sessions"] = new("The browsers that are signed in.", typeof(SessionListView)) { Refusals = [NoSessions] },
        ["POST /api/sessions/end"] = new("Signs a browser out, or all of a person.", typeof(SessionsEndedView))
        {
            Body = typeof(EndSessionsBody), Refusals = [NoSessions, NotFound],
        },
        ["GET /api/clock"] = new("Whether the clock is believed.", typeof(ClockView)),
        ["POST /api/clock/confirm"] = new("Says that the clock is right.", typeof(ClockView))
        {
            Body = typeof(ReasonBody), Refusals = [(409, "clock-believed")],
        },
        ["POST /api/store/rekey"] = new("Moves the next values of the embedded store to a new master key.", typeof(RekeyView))
        {
            Body = typeof(ReasonBody), Refusals = [(409, "no-embedded-store"), (409, "not-rekeyed")],
        },
        ["GET /api/audit"] = new("A page of the audit's rows, and where the next begins.", typeof(AuditPage))
        {
            Queries =
            [
                new("after", "Rows after this sequence number, oldest first.", [], Most: long.MaxValue, Least: 0),
                QueryDoc.Text("before", "Rows before this sequence number, newest first; 'end' for the newest. Not with 'after'."),
                QueryDoc.Text("secret", "Of this secret only."),
                QueryDoc.Text("rotation", "Of this rotation only."),
                new("limit", "How many at most.", [], Most: 1_000),
            ],
        },
    };

    private static RouteDoc Control(string summary, (int, string)[]? more = null) => new(summary, typeof(ControlView))
    {
        Status = 202,
        Body = typeof(ControlBody),
        Refusals = [NotFound, (409, "wrong-state"), .. more ?? []],
    };
}
