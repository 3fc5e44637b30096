using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/</summary>
internal abstract class CloudflareTable(string place, string? account, string provider = "cloudflare-token") : VendorTable(provider)
{
    private const string Pattern = "pattern-of-all";

    public override JsonObject Settings => new() { ["account"] = account, ["like"] = Pattern };

    public override string[] Documents => ["cloudflare-tokens.json"];

    public override JsonObject? Carried => new()
    {
        ["policies"] = new JsonArray(new JsonObject
        {
            ["effect"] = "allow",
            ["resources"] = new JsonObject { ["com.cloudflare.api.account.zone.1"] = "*" },
            ["permission_groups"] = new JsonArray(new JsonObject { ["id"] = "c8fed203ed3043cba015a93ad1616f1f" }),
        }),
        ["condition"] = new JsonObject { ["request_ip"] = new JsonObject { ["in"] = new JsonArray("192.0.2.0/24") } },
    };

    public override string[] CarriedSettings => ["like"];

    public override int? PageSize => 2;

    protected override FakeReply Refused => Fails(401, "Invalid API Token");

    protected override FakeReply NotFound => Fails(404, "Token not found");

    protected override void Draw()
    {
        On($"POST {place}", request =>
        {
            var key =
                Make(request, request.Json("name", "policies", "condition?", "expires_on?"), "name", "policies", "condition", "expires_on");
            return Result(Shown(key, key.Value));
        });
        On($"GET {place}", request =>
        {
            request.Require(request.RequiredQuery("per_page") == "50", "another size");
            var page = int.Parse(request.RequiredQuery("page"));
            return Result(new JsonArray([.. Page((page - 1) * PageSize!.Value).Keys.Select(key => (JsonNode)Shown(key, null))]));
        });
        Try($"GET {place}/verify", (_, key) => Result(new JsonObject { ["id"] = key?.Id ?? "own", ["status"] = "active" }));
        On($"GET {place}/{{id}}", request => request.Part("id") == Pattern ? Result(Shown(Stand(), null))
            : Keys.Find(key => key.Id == request.Part("id")) is { } key ? Result(Shown(key, null))
            : NotFound);
        On($"PUT {place}/{{id}}", request =>
        {
            var body = request.Json("name", "policies", "condition?", "not_before?", "expires_on?", "status");
            return Enable(request.Part("id"), (string?)body["status"] == "active", key =>
            {
                request.Require(
                    (string?)body["name"] == key.Name && JsonNode.DeepEquals(body["policies"], key.More["policies"]),
                    "something else is changed, too");
                return Result(Shown(key, null));
            });
        });
        On($"DELETE {place}/{{id}}", request =>
            Remove(request.Part("id"), Result(new JsonObject { ["id"] = request.Part("id") })));
    }

    private static JsonObject Shown(FakeKey key, string? value)
    {
        var shown = new JsonObject
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["status"] = key.Enabled ? "active" : "disabled",
            ["issued_on"] = At(key.Created),
        };
        if (key.Used is { } used)
        {
            shown["last_used_on"] = At(used);
        }

        foreach (var (name, part) in key.More)
        {
            shown[name] = part!.DeepClone();
        }

        // As it is read, a policy has an id, and its groups have names.
        foreach (var policy in shown["policies"]!.AsArray())
        {
            policy!["id"] = "f267e341f3dd4697bd3b9f71dd96247f";
            policy["permission_groups"]![0]!["name"] = "DNS Write";
        }

        if (value is not null)
        {
            shown["value"] = value;
        }

        return shown;
    }

    private static FakeReply Result(JsonNode result) => FakeReply.Json(
        200,
        new JsonObject { ["success"] = true, ["errors"] = new JsonArray(), ["messages"] = new JsonArray(), ["result"] = result });

    private static FakeReply Fails(int status, string message) =>
        Json(status, new { success = false, errors = new[] { new { code = 1000, message } }, result = (object?)null });
}

internal sealed class CloudflareAccountTable() : CloudflareTable($"/accounts/{Account}/tokens", Account)
{
    private const string Account = "023e105f4ecef8ad9ca31a8372d0c353";
}

internal sealed class CloudflareUserTable() : CloudflareTable("/user/tokens", null);
