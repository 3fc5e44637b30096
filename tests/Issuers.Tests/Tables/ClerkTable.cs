using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://github.com/clerk/openapi-specs/blob/main/platform/beta.yml: one key is the current one; those before it end by themselves.</summary>
internal sealed class ClerkTable() : VendorTable("clerk-secret-key")
{
    private const string Place = "/platform/applications/app_1";

    public override JsonObject Settings => new() { ["application"] = "app_1", ["instance"] = "production", ["delay"] = "12h" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("no application", new() { ["application"] = null }),
        ("an instance that is not there", new() { ["instance"] = "ins_other" }),
        ("half an hour", new() { ["delay"] = "30m" }),
    ];

    public override string[] Documents => ["clerk-platform.json", "clerk-bapi.json"];

    protected override FakeReply Refused =>
        Json(401, new { errors = new[] { new { message = "Invalid", long_message = "unknown", code = "authentication_invalid" } } });

    protected override string NewId(int number) => "ins_production";

    protected override void Draw()
    {
        On($"GET {Place}", request => Json(200, Shown(request.Query("include_secret_keys") == "true")));
        On($"POST {Place}/instances/{{instance}}/rotate_secret_keys", request =>
        {
            request.Require(request.Part("instance") == "production", "another instance");
            var body = request.Json("delay_old_secrets_expiration_hours", "reason");
            request.Require((int)body["delay_old_secrets_expiration_hours"]! == 12, "another delay");
            Keys.ForEach(key => key.Ends ??= TimeProvider.System.GetUtcNow().AddHours(12));
            Make(request, body, "reason");
            return Json(200, Shown(withKeys: true));
        });
        Try("GET /instance", (_, _) => Json(200, new { @object = "instance", id = "ins_production", environment_type = "production" }));
    }

    private object Shown(bool withKeys)
    {
        object development = withKeys
            ? new { instance_id = "ins_development", environment_type = "development", secret_key = "sk_test_of_another_instance" }
            : new { instance_id = "ins_development", environment_type = "development" };
        object production = withKeys
            ? new { instance_id = "ins_production", environment_type = "production", secret_key = Keys[^1].Value }
            : new { instance_id = "ins_production", environment_type = "production" };
        return new { application_id = "app_1", name = "web", instances = new[] { development, production } };
    }
}
