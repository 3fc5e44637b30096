using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://developers.hubspot.com/docs/api-reference/account-account-info-v3/guide</summary>
internal sealed class HubSpotTable() : SuppliedTable("hubspot-token")
{
    protected override string Prefix => "pat-eu1-";

    protected override void Draw() =>
        Try("GET /account-info/v3/details", (_, _) => Json(200, new { portalId = 12345, accountType = "STANDARD", timeZone = "UTC" }));
}
