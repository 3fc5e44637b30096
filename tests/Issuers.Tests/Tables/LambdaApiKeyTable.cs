using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.lambda.ai/api/cloud</summary>
internal sealed class LambdaApiKeyTable() : SuppliedTable("lambda-api-key")
{
    protected override FakeReply Refused =>
        Json(403, new { error = new { code = "global/invalid-api-key", message = "API key was invalid, expired, or deleted." } });

    protected override string Prefix => "secret_acme_";

    protected override void Draw() => Try("GET /ssh-keys", (_, _) => Json(200, new { data = Array.Empty<object>() }));
}
