using System.Text.Json.Nodes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://api-docs.neon.tech/reference/createapikey</summary>
internal abstract class NeonTable(string place, string? organization) : VendorTable("neon-api-key")
{
    public override JsonObject Settings => new() { ["organization"] = organization };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("a project of nobody", new() { ["project"] = "red-1", ["organization"] = null })];

    public override string[] Documents => ["neon.json"];

    public override string[] CarriedSettings => ["project"];

    public override IReadOnlyDictionary<string, string> NoProblems => new Dictionary<string, string>
    {
        ["body.key_name: not in the document"] = "the document puts two schemas together, and the check reads them one at a time",
        ["body.project_id: not in the document"] = "the same",
    };

    // Neon's ids are numbers.
    protected override string NewId(int number) => $"{165_000 + number}";

    protected override void Draw()
    {
        On($"POST {place}", request =>
        {
            var body = organization is null ? request.Json("key_name") : request.Json("key_name", "project_id?");
            request.Require(((string)body["key_name"]!).Length <= 64, "the name is too long");
            var key = Make(request, body, "key_name", "project_id");
            return Json(200, new { id = long.Parse(key.Id), key = key.Value, name = key.Name, created_at = At(key.Created) });
        });
        On($"GET {place}", _ => Json(200, Keys.Select(Listed)));
        On($"DELETE {place}/{{id}}", request =>
            Remove(request.Part("id"), Json(200, new { id = long.Parse(request.Part("id")), revoked = true })));
        if (organization is null)
        {
            Try("GET /users/me", (_, _) => Json(200, new { login = "ada" }));
        }
        else
        {
            // A key of one project may not see the organisation's.
            Try("GET /projects", (request, _) =>
            {
                request.Require(request.RequiredQuery("limit") + request.RequiredQuery("org_id") == "1" + organization, "another query");
                return Json(403, new { code = "", message = "this key may not do that" });
            });
        }
    }

    private static JsonObject Listed(FakeKey key)
    {
        var shown = new JsonObject
        {
            ["id"] = long.Parse(key.Id),
            ["name"] = key.Name,
            ["created_at"] = At(key.Created),
            ["last_used_at"] = At(key.Used),
        };
        if (key.More["project_id"] is { } project)
        {
            shown["project_id"] = project.DeepClone();
        }

        return shown;
    }
}

internal sealed class NeonOrganizationTable() : NeonTable("/organizations/org-cool-1/api_keys", "org-cool-1")
{
    public override JsonObject? Carried => new() { ["project_id"] = "red-sun-1234" };
}

internal sealed class NeonProjectTable() : NeonTable("/organizations/org-cool-1/api_keys", "org-cool-1")
{
    public override JsonObject Settings => new() { ["organization"] = "org-cool-1", ["project"] = "red-sun-1234" };

    public override JsonObject? Carried => new() { ["project_id"] = "red-sun-1234" };
}

internal sealed class NeonUserTable() : NeonTable("/api_keys", null)
{
    public override JsonObject? Carried => [];
}
