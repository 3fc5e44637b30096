using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html</summary>
internal sealed class AwsAccessKeyTable() : VendorTable("aws-access-key")
{
    private const string OwnId = "AKIAROTUNDAEXAMPLE";
    private const string Space = "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"";

    public override string OwnSetting => "secretAccessKey";

    public override JsonObject Settings => new() { ["user"] = "backup", ["accessKeyId"] = OwnId, ["stsUrl"] = Vendor.Address };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no user", new() { ["user"] = null })];

    protected override (string Name, string Value)[] Headers => [];

    protected override string NewId(int number) => $"AKIA{number:d16}";

    protected override void Draw() => Route("POST /", request =>
    {
        var form = request.Form("Action", "Version", "UserName?", "AccessKeyId?");
        var action = (string)form["Action"]!;
        if (action == "GetCallerIdentity")
        {
            request.Require((string?)form["Version"] == "2011-06-15", "another version");
            return FakeS3.KeyOf(request, Keys, "us-east-1", "sts") is null
                ? Fails(403, "InvalidClientTokenId")
                : Says(action, "<Arn>arn:aws:iam::1:user/backup</Arn>");
        }

        request.Require((string?)form["Version"] == "2010-05-08", "another version");
        if (FakeS3.KeyOf(request, [new FakeKey(OwnId, "", OwnValue)], "us-east-1", "iam") is null)
        {
            return Fails(403, "SignatureDoesNotMatch");
        }

        var id = (string?)form["AccessKeyId"];
        request.Require((string?)form["UserName"] == (action == "GetAccessKeyLastUsed" ? null : "backup"), "another user");
        return action switch
        {
            "CreateAccessKey" => Create(request),
            "ListAccessKeys" => Says(action, $"<AccessKeyMetadata>{string.Concat(Keys.Select(Shown))}</AccessKeyMetadata>"),
            "GetAccessKeyLastUsed" => Says(action, $"<AccessKeyLastUsed>{Used(id!)}<Region>N/A</Region></AccessKeyLastUsed>"),
            "DeleteAccessKey" => Keys.RemoveAll(key => key.Id == id) == 1 ? Says(action, "") : Fails(404, "NoSuchEntity"),
            _ => Fails(400, "InvalidAction"),
        };
    });

    private FakeReply Create(FakeRequest request)
    {
        var key = Make(request, [], "");
        var pair = $"<AccessKeyId>{key.Id}</AccessKeyId><SecretAccessKey>{key.Value}</SecretAccessKey>";
        return Says("CreateAccessKey", $"<AccessKey>{pair}</AccessKey>");
    }

    private static string Shown(FakeKey key) =>
        $"<member><AccessKeyId>{key.Id}</AccessKeyId><Status>Active</Status><CreateDate>{At(key.Created)}</CreateDate></member>";

    private string Used(string id) =>
        Keys.Find(key => key.Id == id)?.Used is { } used ? $"<LastUsedDate>{At(used)}</LastUsedDate>" : "<ServiceName>N/A</ServiceName>";

    private static FakeReply Says(string action, string result) => FakeReply.Text(
        200,
        $"<{action}Response {Space}><{action}Result>{result}</{action}Result></{action}Response>",
        "text/xml");

    private static FakeReply Fails(int status, string code) => FakeReply.Text(
        status,
        $"<ErrorResponse {Space}><Error><Type>Sender</Type><Code>{code}</Code></Error></ErrorResponse>",
        "text/xml");
}
