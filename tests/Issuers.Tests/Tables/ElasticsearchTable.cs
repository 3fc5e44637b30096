using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-create-api-key</summary>
internal sealed class ElasticsearchTable() : VendorTable("elasticsearch-api-key")
{
    private const string Place = "/_security/api_key";
    private const string Pattern = "pattern-of-all";
    private const string Metadata = "the document makes each value an object; the page's own example has texts and numbers among them";

    public override string OwnSetting => "password";

    public override JsonObject Settings => new() { ["user"] = "ingest", ["like"] = Pattern };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    public override string[] Documents => ["elasticsearch.json"];

    public override IReadOnlyDictionary<string, string> NoProblems => new Dictionary<string, string>
    {
        ["answer 200.api_keys[].metadata.*: string, not object"] = Metadata,
        ["body.metadata.*: string, not object"] = Metadata,
    };

    public override JsonObject? Carried => new()
    {
        ["role_descriptors"] = new JsonObject { ["ingest"] = new JsonObject { ["cluster"] = new JsonArray("monitor") } },
        ["metadata"] = new JsonObject { ["team"] = "search" },
    };

    public override string[] CarriedSettings => ["like"];

    protected override (string Name, string Value) Own =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"ingest:{OwnValue}"))}");

    protected override FakeReply Refused => Json(401, new { error = new { type = "security_exception" }, status = 401 });

    protected override (string Name, string Value) Shown(string value) => ("Authorization", $"ApiKey {value}");

    protected override string NewValue(int number) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{NewId(number)}:secret-{number}"));

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var body = request.Json("name", "role_descriptors", "metadata", "expiration?");
            var key = Make(request, body, "name", "role_descriptors", "metadata");
            return Json(200, new { id = key.Id, name = key.Name, api_key = "half", encoded = key.Value });
        });
        On($"GET {Place}", request =>
        {
            var id = request.Query("id");
            var found = request.Query("owner") == "true" ? Keys : id == Pattern ? [Stand()] : Keys.FindAll(key => key.Id == id);
            return found.Count == 0 && id is not null ? NotFound : Json(200, new { api_keys = found.Select(Shown) });
        });
        Try("GET /_security/_authenticate", (_, key) =>
            Json(200, new { username = "ingest", authentication_type = key is null ? "realm" : "api_key" }));
        Vendor.On("DELETE", Place, request =>
        {
            request.RequireHeader("Accept", "application/json");
            if (request.Header("Authorization") != Own.Value)
            {
                request.LeaveUnread();
                return Refused;
            }

            var id = (string)request.Json("ids", "owner")["ids"]![0]!;
            var gone = Keys.RemoveAll(key => key.Id == id) == 1 ? new[] { id } : [];
            return Json(200, new { invalidated_api_keys = gone, previously_invalidated_api_keys = Array.Empty<string>(), error_count = 0 });
        });
    }

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = key.Id,
        ["name"] = key.Name,
        ["type"] = "rest",
        ["creation"] = key.Created.ToUnixTimeMilliseconds(),
        ["invalidated"] = !key.Enabled,
        ["username"] = "ingest",
        ["realm"] = "native1",
        ["metadata"] = key.More["metadata"]?.DeepClone() ?? new JsonObject(),
        ["role_descriptors"] = key.More["role_descriptors"]?.DeepClone(),
    };
}
