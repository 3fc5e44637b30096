using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.elastic.co/docs/api/doc/cloud/group/endpoint-authentication</summary>
internal sealed class ElasticCloudTable() : VendorTable("elastic-cloud-api-key")
{
    private const string Place = "/api/v1/users/auth/keys";

    public override string[] Documents => ["elastic-cloud.json"];

    public override JsonObject? Carried => new()
    {
        ["role_assignments"] = new JsonObject
        {
            ["organization"] = new JsonArray(new JsonObject { ["organization_id"] = "42", ["role_id"] = "billing-admin" }),
        },
    };

    protected override (string Name, string Value) Own => ("Authorization", $"ApiKey {OwnValue}");

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var body = request.Json("description", "expiration?", "role_assignments?");
            var key = Make(request, body, "description", "role_assignments");
            key.Ends = (string?)body["expiration"] is { } hours ? key.Created.AddHours(int.Parse(hours[..^1])) : null;
            return Json(201, Shown(key, withValue: true));
        });
        Try($"GET {Place}", (_, _) => Json(200, new { keys = Keys.Select(key => Shown(key, withValue: false)) }));
        On($"GET {Place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? Json(200, Shown(key, withValue: false)) : NotFound);
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), Json(200, new { })));
    }

    private static JsonObject Shown(FakeKey key, bool withValue)
    {
        var shown = key.More.DeepClone().AsObject();
        (shown["id"], shown["description"], shown["creation_date"]) = (key.Id, key.Name, At(key.Created));
        if (key.Ends is { } end)
        {
            shown["expiration_date"] = At(end);
        }

        if (withValue)
        {
            shown["key"] = key.Value;
        }

        return shown;
    }
}
