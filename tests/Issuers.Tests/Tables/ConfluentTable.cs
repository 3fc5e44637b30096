using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.confluent.io/cloud/current/api.html#tag/API-Keys-(iamv2)</summary>
internal abstract class ConfluentTable(string? cluster) : VendorTable("confluent-api-key")
{
    private const string Place = "/iam/v2/api-keys";

    public override string OwnSetting => "secret";

    public override JsonObject Settings => new()
    {
        ["owner"] = "sa-12mgdv",
        ["key"] = "CLOUDKEY12345678",
        ["resource"] = cluster,
        ["environment"] = cluster is null ? null : "env-00000",
        ["restUrl"] = cluster is null ? null : Vendor.Address,
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no owner", new() { ["owner"] = null })];

    public override string[] Documents => ["confluent.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /kafka/v3/clusters/{cluster}"] =
            "at the cluster's own endpoint, by the key: https://docs.confluent.io/cloud/current/ccloud/get-kafka-cluster/",
    };

    public override IReadOnlyDictionary<string, string> NoProblems => new[] { "body.spec.owner", "body.spec.resource" }
        .SelectMany(part => new[] { $"{part}.related: missing", $"{part}.resource_name: missing" })
        .Append("body.spec.display_name: not in the document")
        .ToDictionary(problem => problem, _ => "the vendor fills in what is missing: its examples of requests have the id only. The name "
            + "is "
            + "in the schema of the key's spec, which the call's own part narrows: https://docs.confluent.io/cloud/current/api.html");

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("Authorization", Basic("CLOUDKEY12345678", OwnValue));

    protected override string NewId(int number) => $"KEY{number:d13}";

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var spec = request.Json("spec")["spec"]!.AsObject();
            request.Require((string?)spec["owner"]?["id"] == "sa-12mgdv", "another owner");
            request.Require((string?)spec["resource"]?["id"] == cluster, "another resource");
            var shown = Shown(Make(request, spec, "display_name"));
            shown["spec"]!["secret"] = Keys[^1].Value;
            return FakeReply.Json(202, shown);
        });
        Route($"GET {Place}", request =>
        {
            // A key of the cloud tries itself by it, and may not see others.
            if (request.RequiredQuery("page_size") == "1" || request.Header("Authorization") != Own.Value)
            {
                request.LeaveUnread();
                return IsKnown(request) ? Json(403, new { errors = Array.Empty<object>() }) : Refused;
            }

            request.Require(request.Query("spec.owner") == "sa-12mgdv" && request.Query("spec.resource") == cluster, "another query");
            var from = int.Parse(request.Query("page_token") ?? "0");
            var (keys, more) = Page(from);
            var filter = $"page_size=100&spec.owner=sa-12mgdv{(cluster is null ? "" : $"&spec.resource={cluster}")}";
            var next = more ? $"{Vendor.Address}{Place}?{filter}&page_token={from + PageSize}" : null;
            return Json(200, new { api_version = "iam/v2", kind = "ApiKeyList", metadata = new { next }, data = keys.Select(Shown) });
        });
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
        Route($"GET /kafka/v3/clusters/{cluster ?? "none"}", request => IsKnown(request) ? Json(403, new { error_code = 40301 }) : Refused);
    }

    private bool IsKnown(FakeRequest request) => Keys.Exists(key => request.Header("Authorization") == Basic(key.Id, key.Value));

    private static string Basic(string user, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    private static JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = key.Id,
        ["metadata"] = new JsonObject { ["created_at"] = At(key.Created) },
        ["spec"] = new JsonObject { ["display_name"] = key.Name },
    };
}

internal sealed class ConfluentClusterTable() : ConfluentTable("lkc-1a2b3c");

internal sealed class ConfluentCloudTable() : ConfluentTable(null);
