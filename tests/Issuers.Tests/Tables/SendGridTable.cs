using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys</summary>
internal class SendGridTable() : VendorTable("sendgrid-api-key")
{
    public override JsonObject Settings => new() { ["scopes"] = new JsonArray("mail.send", "alerts.read") };

    public override string[] Documents => ["sendgrid.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /v3/scopes"] = "what a key may do, asked with it: docs/sendgrid/api-reference/api-key-permissions",
    };

    public override JsonObject? Carried => new() { ["scopes"] = new JsonArray("mail.send", "alerts.read") };

    public override string[] CarriedSettings => ["scopes"];

    protected override void Draw()
    {
        On("POST /v3/api_keys", request =>
        {
            var key = Make(request, request.Json("name", "scopes"), "name", "scopes");
            return Json(201, new { api_key = key.Value, api_key_id = key.Id, name = key.Name, scopes = key.More["scopes"] });
        });
        On("GET /v3/api_keys", _ => Json(200, new { result = Keys.Select(key => new { api_key_id = key.Id, name = key.Name }) }));
        On("GET /v3/api_keys/{id}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        Try("GET /v3/scopes", (_, key) => key is null
            ? Json(200, new { scopes = new[] { "api_keys.create" } })
            : Json(403, new { errors = Array.Empty<object>() }));
        On("DELETE /v3/api_keys/{id}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    /// <summary>As the document has it.</summary>
    protected virtual JsonObject Shown(FakeKey key) => new() { ["result"] = new JsonArray(Bare(key)) };

    protected static JsonObject Bare(FakeKey key) => new()
    {
        ["api_key_id"] = key.Id,
        ["name"] = key.Name,
        ["scopes"] = new JsonArray([.. key.More["scopes"]!.AsArray().Select(scope => scope!.DeepClone()), "2fa_required"]),
    };
}

/// <summary>As the API answers in fact, by those who use it.</summary>
internal sealed class SendGridBareTable : SendGridTable
{
    protected override JsonObject Shown(FakeKey key) => Bare(key);
}
