using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.datadoghq.com/api/latest/key-management/</summary>
internal abstract class DatadogTable(string provider, string place, string type, string used, params string[] kept) : VendorTable(provider)
{
    protected const string ApiKey = "the-api-key-0123456789abcdef";
    private const string Link = "https://docs.datadoghq.com/api/latest/key-management/: the document at hand has version 1 only";

    public override string OwnSetting => "applicationKey";

    public override JsonObject Settings => new() { ["site"] = "datadoghq.eu", ["apiKey"] = "env:API_KEY" };

    public override IReadOnlyDictionary<string, string> More => new Dictionary<string, string> { ["env:API_KEY"] = ApiKey };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no API key", new() { ["apiKey"] = null })];

    public override string[] Documents => ["datadog-v1.json"];

    public override IReadOnlyDictionary<string, string> Beyond =>
        new[] { $"POST {place}", $"GET {place}", $"GET {place}/{{id}}", $"DELETE {place}/{{id}}", "GET /api/v2/validate_keys" }
            .ToDictionary(call => call, _ => Link);

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("DD-APPLICATION-KEY", OwnValue);

    protected override FakeReply Refused => Json(403, new { errors = new[] { "Forbidden" } });

    protected override FakeReply NotFound => Json(404, new { errors = new[] { "not found" } });

    protected void DrawKeys()
    {
        On($"POST {place}", request =>
        {
            var data = WithApiKey(request).Json("data")["data"]!;
            request.Require((string?)data["type"] == type, "another type");
            var key = Make(request, data["attributes"]!.AsObject(), "name", kept);
            var shown = Shown(key);
            shown["attributes"]!["key"] = key.Value;
            return Json(201, new { data = shown });
        });
        On($"GET {place}", request =>
        {
            request.Require(WithApiKey(request).RequiredQuery("page[size]") == "100", "another size");
            var (keys, _) = Page(int.Parse(request.RequiredQuery("page[number]")) * PageSize!.Value);
            return Json(200, new { data = keys.Select(Shown) });
        });
        On($"GET {place}/{{id}}", request =>
            Keys.Find(key => key.Id == WithApiKey(request).Part("id")) is { } key ? Json(200, new { data = Shown(key) }) : NotFound);
        On($"DELETE {place}/{{id}}", request => Remove(WithApiKey(request).Part("id"), FakeReply.Empty(204)));
    }

    protected static FakeRequest WithApiKey(FakeRequest request)
    {
        request.RequireHeader("DD-API-KEY", ApiKey);
        return request;
    }

    private JsonObject Shown(FakeKey key)
    {
        var attributes = new JsonObject { ["name"] = key.Name, ["created_at"] = At(key.Created), [used] = At(key.Used) };
        foreach (var (name, value) in key.More)
        {
            attributes[name] = value!.DeepClone();
        }

        return new() { ["id"] = key.Id, ["type"] = type, ["attributes"] = attributes };
    }
}

internal sealed class DatadogApiKeyTable()
    : DatadogTable("datadog-api-key", "/api/v2/api_keys", "api_keys", "date_last_used", "category", "remote_config_read_enabled")
{
    public override JsonObject? Carried => new() { ["category"] = "infrastructure", ["remote_config_read_enabled"] = false };

    protected override (string Name, string Value) Shown(string value) => ("DD-API-KEY", value);

    protected override void Draw()
    {
        DrawKeys();
        Try("GET /api/v1/validate", (_, _) => Json(200, new { valid = true }));
    }
}

internal abstract class DatadogApplicationKeyTable(string place, string? account)
    : DatadogTable("datadog-application-key", place, "application_keys", "last_used_at", "scopes")
{
    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["serviceAccount"] = account;
            return settings;
        }
    }

    public override JsonObject? Carried => new() { ["scopes"] = new JsonArray("dashboards_read") };

    protected override void Draw()
    {
        DrawKeys();
        Try("GET /api/v2/validate_keys", (request, _) => Json(200, new { status = WithApiKey(request).Method == "GET" ? "ok" : "" }));
    }
}

internal sealed class DatadogServiceAccountTable() : DatadogApplicationKeyTable("/api/v2/service_accounts/sa-1/application_keys", "sa-1");

internal sealed class DatadogUserTable() : DatadogApplicationKeyTable("/api/v2/current_user/application_keys", null);
