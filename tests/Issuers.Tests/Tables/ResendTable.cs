using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://resend.com/docs/api-reference/api-keys</summary>
internal sealed class ResendTable() : VendorTable("resend-api-key")
{
    public override JsonObject Settings =>
        new() { ["permission"] = "sending_access", ["domainId"] = "d91cd9bd-1176-453e-8fc1-35364d380206" };

    public override string[] Documents => ["resend.json"];

    public override int? PageSize => 2;

    protected override void Draw()
    {
        On("POST /api-keys", request =>
        {
            var body = request.Json("name", "permission", "domain_id?");
            request.Require(((string)body["name"]!).Length <= 50, "the name is too long");
            var key = Make(request, body, "name", "permission", "domain_id");
            return Json(201, new { id = key.Id, token = key.Value });
        });
        On("GET /api-keys", request =>
        {
            request.Require(request.RequiredQuery("limit") == "100", "another limit");
            var (keys, more) = PageAfter(request.Query("after"));
            return Json(200, new
            {
                @object = "list",
                has_more = more,
                data = keys.Select(k => new { id = k.Id, name = k.Name, created_at = At(k.Created), last_used_at = At(k.Used) }),
            });
        });
        Try("GET /domains", (_, key) => key is null
            ? Json(200, new { @object = "list", has_more = false, data = Array.Empty<object>() })
            : Json(401, new { statusCode = 401, name = "restricted_api_key", message = "This API key is restricted to only send emails" }));
        On("DELETE /api-keys/{id}", request =>
            Remove(request.Part("id"), Json(200, new { @object = "api_key", id = request.Part("id"), deleted = true })));
    }
}
