using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://developers.asana.com/reference/getuser</summary>
internal sealed class AsanaTable() : SuppliedTable("asana-token")
{
    public override string[] Documents => ["asana.json"];

    public override string? DocumentBase => "";

    protected override string Prefix => "2/1200/";

    protected override void Draw() =>
        Try("GET /users/me", (_, key) => Json(200, new { data = new { gid = key?.Id, resource_type = "user", name = "sync" } }));
}
