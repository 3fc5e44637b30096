using Rotunda.Access;
using Rotunda.Api.Desk;
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

/// <summary>Whether requests and rotations can be served now.</summary>
public interface IReadiness
{
    /// <summary>Each part with "ok" or a word for what is wrong; no details, since anyone may ask.</summary>
    Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken);
}
