using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>An address of a system that nobody knows anything else of.</summary>
internal sealed class ManualTable() : SuppliedTable("manual")
{
    public override JsonObject Settings => new()
    {
        ["check"] = $"{Vendor.Address}/api/me?full=true",
        ["checkHeader"] = "X-Key",
    };

    protected override string Prefix => "given-";

    protected override void Draw()
    {
        Vendor.On("GET", "/api/me", request =>
        {
            request.RequireHeader("Accept", "application/json");
            request.Require(request.RequiredQuery("full") == "true", "another query");
            return FakeReply.Empty(Keys.Exists(key => request.Header("X-Key") == key.Value) ? 204 : 403);
        });
    }
}
