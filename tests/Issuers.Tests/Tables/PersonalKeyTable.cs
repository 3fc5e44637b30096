using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://posthog.com/docs/api/personal-api-keys</summary>
internal sealed class PersonalKeyTable() : SuppliedTable("posthog-personal-key")
{
    protected override FakeReply Refused =>
        Json(403, new { type = "authentication_error", code = "authentication_failed", detail = "Personal API key is invalid." });

    protected override string Prefix => "phx_";

    protected override void Draw() => Try(
        "GET /api/personal_api_keys/@current/",
        (_, key) => Json(200, new { id = key?.Id, label = "rollout-bot", scopes = new[] { "project:read" } }));
}
