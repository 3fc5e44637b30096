using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.github.com/en/rest/credentials/revoke: what is shown is revoked</summary>
internal sealed class GitHubTokenTable() : SuppliedTable("github-token")
{
    protected override (string Name, string Value)[] Headers =>
        [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")];

    protected override string Prefix => "github_pat_11";

    protected override void Draw()
    {
        Try("GET /user", (_, _) => Json(200, new { login = "acme-ci", id = 1 }));
        Route("POST /credentials/revoke", request =>
        {
            request.Require(request.Header("Authorization") is null, "a credential of one's own");
            var shown = request.Json("credentials")["credentials"]!.AsArray().Select(one => (string?)one).ToList();
            Keys.RemoveAll(key => shown.Contains(key.Value));
            return FakeReply.Empty(202);
        });
    }
}
