using Microsoft.AspNetCore.Http;
using Rotunda.Access;

namespace Rotunda.Api.Http;

/// <summary>One route: the table of these is the whole surface, in every head.</summary>
/// <param name="Permission">What the caller needs; null for anyone.</param>
public sealed record ApiRoute(string Method, string Pattern, Permission? Permission, Func<ApiCall, Task<IResult>> Handle)
{
    /// <summary>True if a person who came by an identity provider has to have signed in a short time ago.</summary>
    public bool NeedsFreshSignIn => Method != "GET" && Permission is Access.Permission.Approve or Access.Permission.Administer;
}

public static class ApiRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("GET", "/healthz", null, HealthHandlers.HealthAsync),
        new("GET", "/readyz", null, HealthHandlers.ReadyAsync),
        new("GET", "/health/secrets", Permission.Read, SightHandlers.SecretsAsync),
        new("GET", "/metrics", Permission.Read, SightHandlers.MetricsAsync),
        new("GET", "/openapi/v1.json", null, OpenApiHandlers.GetAsync),
        new("GET", "/api/home", Permission.Read, HomeHandlers.HomeAsync),
        new("GET", "/api/calendar", Permission.Read, HomeHandlers.CalendarAsync),
        new("GET", "/api/next", Permission.Read, NextHandlers.GetAsync),
        new("GET", "/api/me", null, SessionHandlers.MeAsync),
        new("POST", "/api/session", null, SessionHandlers.EnterAsync),
        new("POST", "/api/session/end", null, SessionHandlers.EndAsync),
        new("POST", "/api/session/link", Permission.Read, SessionHandlers.LinkAsync),
        new("GET", "/api/sessions", Permission.Administer, SessionHandlers.ListAsync),
        new("POST", "/api/sessions/end", Permission.Administer, SessionHandlers.EndOthersAsync),
        new("GET", "/api/changes", Permission.Read, EventHandlers.ListAsync),
        new("GET", "/api/events", Permission.Read, EventHandlers.ListenAsync),
        new("GET", "/api/secrets", Permission.Read, SecretHandlers.ListAsync),
        new("GET", "/api/secrets/{name}", Permission.Read, SecretHandlers.GetAsync),
        new("GET", "/api/secrets/{name}/plan", Permission.Read, SecretHandlers.PlanAsync),
        new("POST", "/api/secrets/{name}/adopt", Permission.Start, SecretHandlers.AdoptAsync),
        new("GET", "/api/secrets/{name}/drift", Permission.Read, DriftHandlers.GetAsync),
        new("POST", "/api/secrets/{name}/verify", Permission.Start, DriftHandlers.VerifyAsync),
        new("POST", "/api/secrets/{name}/deliver", Permission.Start, DriftHandlers.DeliverAsync),
        new("POST", "/api/secrets/{name}/retire", Permission.Start, DriftHandlers.RetireAsync),
        new("POST", "/api/secrets/{name}/hand-over", Permission.Approve, DriftHandlers.HandOverAsync),
        new("POST", "/api/secrets/{name}/pause", Permission.Control, PauseHandlers.PauseOneAsync),
        new("POST", "/api/secrets/{name}/resume", Permission.Control, PauseHandlers.ResumeOneAsync),
        new("GET", "/api/pauses", Permission.Read, PauseHandlers.ListAsync),
        new("POST", "/api/pauses", Permission.Control, PauseHandlers.PauseAsync),
        new("POST", "/api/pauses/end", Permission.Control, PauseHandlers.ResumeAsync),
        new("POST", "/api/verify", Permission.Start, DriftHandlers.VerifyAllAsync),
        new("GET", "/api/orphans", Permission.Read, OrphanHandlers.ListAsync),
        new("POST", "/api/orphans/{id}/settle", Permission.Approve, OrphanHandlers.SettleAsync),
        new("GET", "/api/rotations", Permission.Read, RotationHandlers.ListAsync),
        new("POST", "/api/rotations", Permission.Start, RotationHandlers.StartAsync),
        new("GET", "/api/rotations/{id}", Permission.Read, RotationHandlers.GetAsync),
        new("POST", "/api/rotations/{id}/approve", Permission.Approve, ControlHandlers.ApproveAsync),
        new("POST", "/api/rotations/{id}/reject", Permission.Approve, ControlHandlers.RejectAsync),
        new("POST", "/api/rotations/{id}/withdraw", Permission.Approve, ControlHandlers.WithdrawAsync),
        new("POST", "/api/rotations/{id}/decide-link", Permission.Administer, DecisionHandlers.LinkAsync),
        new("POST", "/api/decisions/look", null, DecisionHandlers.LookAsync),
        new("POST", "/api/decisions/decide", null, DecisionHandlers.DecideAsync),
        new("POST", "/api/rotations/{id}/rollback", Permission.Control, ControlHandlers.RollbackAsync),
        new("POST", "/api/rotations/{id}/cancel", Permission.Control, ControlHandlers.CancelAsync),
        new("POST", "/api/rotations/{id}/resume", Permission.Control, ControlHandlers.ResumeAsync),
        new("POST", "/api/rotations/{id}/pause", Permission.Control, ControlHandlers.PauseAsync),
        new("POST", "/api/rotations/{id}/skip-grace", Permission.Approve, ControlHandlers.SkipGraceAsync),
        new("POST", "/api/rotations/{id}/extend-grace", Permission.Control, ControlHandlers.ExtendGraceAsync),
        new("POST", "/api/rotations/{id}/provide", Permission.Control, ProvideHandlers.ProvideAsync),
        new("POST", "/api/rotations/{id}/provide-link", Permission.Control, ProvideHandlers.LinkAsync),
        new("POST", "/api/rotations/{id}/confirm", Permission.Control, ControlHandlers.ConfirmAsync),
        new("POST", "/api/forms/look", null, ProvideHandlers.LookAsync),
        new("POST", "/api/forms/provide", null, ProvideHandlers.ProvideByCodeAsync),
        new("GET", "/api/reviews", Permission.Read, ReviewHandlers.ListAsync),
        new("POST", "/api/reviews/{id}/close", Permission.Approve, ReviewHandlers.CloseAsync),
        new("GET", "/api/campaigns", Permission.Read, CampaignHandlers.ListAsync),
        new("POST", "/api/campaigns", Permission.Start, CampaignHandlers.StartAsync),
        new("POST", "/api/campaigns/preview", Permission.Start, CampaignHandlers.PreviewAsync),
        new("GET", "/api/campaigns/{id}", Permission.Read, CampaignHandlers.GetAsync),
        new("GET", "/api/campaigns/{id}/members", Permission.Read, CampaignHandlers.MembersAsync),
        new("POST", "/api/campaigns/{id}/pause", Permission.Control, CampaignHandlers.PauseAsync),
        new("POST", "/api/campaigns/{id}/resume", Permission.Start, CampaignHandlers.ResumeAsync),
        new("POST", "/api/campaigns/{id}/stop", Permission.Control, CampaignHandlers.StopAsync),
        new("POST", "/api/campaigns/{id}/retry", Permission.Start, CampaignHandlers.RetryAsync),
        new("POST", "/api/leaks", Permission.Start, LeakHandlers.ReportAsync),
        new("GET", "/api/leaks", Permission.Read, LeakHandlers.ListAsync),
        new("GET", "/api/leaks/{id}", Permission.Read, LeakHandlers.GetAsync),
        new("POST", "/api/leaks/github", null, LeakHandlers.GitHubAsync),
        new("GET", "/api/reports/period", Permission.Read, ReportHandlers.PeriodAsync),
        new("GET", "/api/reports/incidents/{id}", Permission.Read, ReportHandlers.IncidentAsync),
        new("GET", "/api/doctor", Permission.Read, DoctorHandlers.GetAsync),
        new("POST", "/api/notices/test", Permission.Start, NoticeHandlers.TestAsync),
        new("GET", "/api/tokens", Permission.Administer, TokenHandlers.ListAsync),
        new("POST", "/api/tokens", Permission.Administer, TokenHandlers.CreateAsync),
        new("POST", "/api/tokens/{name}/revoke", Permission.Administer, TokenHandlers.RevokeAsync),
        new("POST", "/api/tokens/{name}/renew", Permission.Administer, TokenHandlers.RenewAsync),
        new("GET", "/api/clock", Permission.Read, ClockHandlers.GetAsync),
        new("POST", "/api/clock/confirm", Permission.Approve, ClockHandlers.ConfirmAsync),
        new("POST", "/api/store/rekey", Permission.Administer, RekeyHandlers.MoveAsync),
        new("GET", "/api/audit", Permission.Read, AuditHandlers.ListAsync),
    ];
}
