using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Desk;
using Rotunda.Leaks.Http;
using Rotunda.Ledger;
using Rotunda.Reports;

namespace Rotunda.Api.Http;

/// <summary>What the handlers work with. One for the process.</summary>
public sealed record ApiServices(
    RotationDesk Desk,
    AdoptionDesk Adoption,
    RotationControl Control,
    ApprovalDesk Approvals,
    ApprovalLinks ApprovalLinks,
    StatusReader Status,
    HomeReader Home,
    ISecretsHealth Health,
    IMetricsPage Metrics,
    DoctorDesk Doctor,
    DriftSweep Drift,
    ClockDesk Clock,
    OrphanDesk Orphans,
    ProvideDesk Provide,
    RekeyDesk Rekey,
    NextDesk Next,
    NoticeTestDesk Notices,
    CampaignServices Campaigns,
    LeakRequests Leaks,
    Reporter Reports,
    Leavers Leavers,
    GrantDesk Grants,
    TokenDesk Tokens,
    SessionDesk Sessions,
    ChangeReader Changes,
    ICatalogSource Catalog,
    ILedger Ledger,
    TimeProvider Time,
    ICallers Callers,
    IReadiness Readiness,
    RefusalAudit Refusals,
    RequestLimit Limit);

/// <summary>Everything that is measured, as text.</summary>
public interface IMetricsPage
{
    /// <summary>Writes the whole answer: in the form of OpenMetrics or of Prometheus' own, whichever is asked for.</summary>
    Task WriteAsync(HttpContext http);
}

/// <summary>Whether the secrets are well.</summary>
public interface ISecretsHealth
{
    /// <summary>A caller who is told of some secrets alone gets the names of these; the counts are of all.</summary>
    Task<SecretsHealthView> ReadAsync(Sight sight, CancellationToken cancellationToken);
}

/// <summary>Whether requests and rotations can be served now.</summary>
public interface IReadiness
{
    /// <summary>Each part with "ok" or a word for what is wrong; no details, since anyone may ask.</summary>
    Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken);
}
