using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.twilio.com/docs/iam/api-keys/key-resource-v1</summary>
internal sealed class TwilioTable() : VendorTable("twilio-api-key")
{
    private const string Account = "AC00000000000000000000000000000001";
    private const string User = "SK00000000000000000000000000000009";

    public override JsonObject Settings => new() { ["account"] = Account, ["user"] = User, ["apiUrl"] = Vendor.Address };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no account", new() { ["account"] = null })];

    public override string[] Documents => ["twilio-iam.json", "twilio.json"];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /2010-04-01/Accounts/{account}/Messages.json"] =
            "a call that standard keys may make: https://www.twilio.com/docs/messaging/api/message-resource",
    };

    public override JsonObject? Carried => new() { ["Policy"] = """{"allow":["/twilio/messaging/messages/create"]}""" };

    public override int? PageSize => 2;

    protected override (string Name, string Value) Own => ("Authorization", Basic(User, OwnValue));

    protected override FakeReply Refused => Json(401, new { code = 20003, message = "Authenticate", status = 401 });

    protected override FakeReply NotFound => Json(404, new { code = 20404, message = "not found", status = 404 });

    protected override string NewId(int number) => $"SK{number:d32}";

    protected override void Draw()
    {
        On("POST /v1/Keys", request =>
        {
            var form = request.Form("AccountSid", "FriendlyName", "KeyType?", "Policy?");
            request.Require((string?)form["AccountSid"] == Account, "another account");
            request.Require(((string)form["FriendlyName"]!).Length <= 64, "the name is too long");
            request.Require(form.ContainsKey("Policy") == ((string?)form["KeyType"] == "restricted"), "a policy is for restricted keys");
            var key = Make(request, form, "FriendlyName", "Policy");
            return Json(201, new { sid = key.Id, friendly_name = key.Name, secret = key.Value, date_created = At(key) });
        });
        On("GET /v1/Keys", request =>
        {
            request.Require(request.RequiredQuery("AccountSid") == Account && request.RequiredQuery("PageSize") == "100", "another query");
            var page = int.Parse(request.Query("Page") ?? "0");
            var (keys, more) = Page(page * PageSize!.Value);
            var next = more ? $"{Vendor.Address}/v1/Keys?AccountSid={Account}&PageSize=100&Page={page + 1}" : null;
            return Json(200, new
            {
                keys = keys.Select(key => new { sid = key.Id, friendly_name = key.Name, date_created = At(key) }),
                meta = new { page, page_size = 100, next_page_url = next, key = "keys" },
            });
        });
        On("GET /v1/Keys/{id}", request => Keys.Find(key => key.Id == request.Part("id")) is not { } key
            ? NotFound
            : Json(200, new
            {
                sid = key.Id,
                friendly_name = key.Name,
                policy = key.More["Policy"] is { } policy ? JsonNode.Parse((string)policy!) : null,
            }));
        On("DELETE /v1/Keys/{id}", request => Remove(request.Part("id"), FakeReply.Empty(204)));

        // A restricted key that may not see messages.
        Route($"GET /2010-04-01/Accounts/{Account}/Messages.json", request =>
        {
            request.Require(request.RequiredQuery("PageSize") == "1", "another size");
            return Keys.Exists(key => request.Header("Authorization") == Basic(key.Id, key.Value))
                ? Json(401, new { code = 70051, message = "Authorization Failed", status = 401 })
                : Refused;
        });
    }

    private static string Basic(string user, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    private static string At(FakeKey key) => key.Created.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000");
}
