using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://linear.app/developers/graphql: a key stands bare in the header, and errors come in the body</summary>
internal sealed class LinearTable() : SuppliedTable("linear-api-key")
{
    protected override (string Name, string Value) Own => ("Authorization", OwnValue);

    protected override FakeReply Refused => Json(
        400,
        new { errors = new[] { new { message = "Authentication required", extensions = new { code = "AUTHENTICATION_ERROR" } } } });

    protected override string Prefix => "lin_api_";

    protected override void Draw()
    {
        Try("POST /graphql", (request, key) =>
        {
            request.Require((string?)request.Json("query")["query"] == "{viewer{id}}", "another query");
            return Json(200, new { data = new { viewer = new { id = key?.Id } } });
        });
    }
}
