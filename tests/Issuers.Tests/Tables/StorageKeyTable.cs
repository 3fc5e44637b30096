using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage: two places, always filled.</summary>
internal sealed class StorageKeyTable() : VendorTable("azure-storage-key")
{
    private const string Session = "session-token-0123456789abcdef";
    private const string Place =
        "/subscriptions/sub-1/resourceGroups/invoices/providers/Microsoft.Storage/storageAccounts/acmeinvoices";

    public override string OwnSetting => "clientSecret";

    public override JsonObject Settings => new()
    {
        ["tenant"] = "acme.example",
        ["subscription"] = "sub-1",
        ["resourceGroup"] = "invoices",
        ["account"] = "acmeinvoices",
        ["clientId"] = "rotunda",
        ["loginUrl"] = Vendor.Address,
        ["blobUrl"] = Vendor.Address,
    };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no account", new() { ["account"] = null })];

    public override string[] Documents => ["azure-storage-keys.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["POST /acme.example/oauth2/v2.0/token"] =
            "the login: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        ["GET /"] = "the key tries itself: https://learn.microsoft.com/en-us/rest/api/storageservices/list-containers2",
    };

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    /// <summary>The one in use is in the first place.</summary>
    protected override string NewId(int number) => $"key1@{MadeAt(number)}";

    protected override string NewValue(int number) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    protected override void Draw()
    {
        Tokens("/acme.example/oauth2/v2.0/token", "rotunda", Session, null, inHeader: false, "https://management.azure.com/.default");
        On($"POST {Place}/listKeys", request =>
        {
            request.Require(request.RequiredQuery("api-version") == "2024-01-01", "another version");
            request.RequireNoBody();
            return Json(200, new { keys = new[] { At("key1"), At("key2") } });
        });
        On($"POST {Place}/regenerateKey", request =>
        {
            request.Require(request.RequiredQuery("api-version") == "2024-01-01", "another version");
            var place = (string)request.Json("keyName")["keyName"]!;
            Keys.RemoveAll(key => key.Id.StartsWith(place, StringComparison.Ordinal));
            Make(request, [], "");
            Keys[^1] = Keys[^1] with { Id = Keys[^1].Id.Replace("key1", place), Place = place };
            return Json(200, new { keys = new[] { At("key1"), At("key2") } });
        });
        Route("GET /", request =>
        {
            request.Require(request.RequiredQuery("comp") == "list" && request.RequiredQuery("maxresults") == "1", "another list");
            return Keys.Exists(key => request.Header("Authorization") == Signed(request, key.Value)) ? Json(200, new { })
                : Json(403, new { }, ("x-ms-error-code", "AuthenticationFailed"));
        });
    }

    private static string Signed(FakeRequest request, string key)
    {
        var (date, version) = (request.Header("x-ms-date"), request.Header("x-ms-version"));
        var signed = $"GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{version}\n/acmeinvoices/\ncomp:list\nmaxresults:1";
        var signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(signed));
        return $"SharedKey acmeinvoices:{Convert.ToBase64String(signature)}";
    }

    private object At(string place)
    {
        var key = Keys.Find(key => key.Id.StartsWith(place, StringComparison.Ordinal));
        return new
        {
            keyName = place,
            value = key?.Value ?? "bm9ib2R5IGtub3dzIGl0",
            permissions = "Full",
            creationTime = key?.Id.Split('@')[1] ?? "2024-01-01T00:00:00.0000000Z",
        };
    }

    private static string MadeAt(int number) => $"2026-01-01T00:00:00.{number:d7}Z";
}
