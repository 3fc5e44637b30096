using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.github.com/en/rest/deploy-keys/deploy-keys</summary>
internal sealed class GitHubDeployKeyTable() : VendorTable("github-deploy-key")
{
    private const string Place = "/repos/acme/shop/keys";
    private readonly Dictionary<string, string> _halves = [];

    public override JsonObject Settings => new() { ["owner"] = "acme", ["repository"] = "shop" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no repository", new() { ["repository"] = null })];

    public override string[] Documents => ["github.json"];

    public override JsonObject? Carried => new() { ["read_only"] = false };

    public override int? PageSize => 2;

    protected override (string Name, string Value)[] Headers =>
        [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")];

    // GitHub's ids are numbers.
    protected override string NewId(int number) => $"{4_100 + number}";

    protected override void Draw()
    {
        On($"POST {Place}", request =>
        {
            var body = request.Json("title", "key", "read_only");
            var key = Make(request, body, "title", "read_only");
            _halves[key.Id] = (string)body["key"]!;
            return FakeReply.Json(201, Shown(key));
        });
        On($"GET {Place}", request =>
        {
            request.Require(request.RequiredQuery("per_page") == "100", "another size");
            var page = int.Parse(request.Query("page") ?? "1");
            var (keys, more) = Page((page - 1) * PageSize!.Value);
            return more
                ? Json(200, keys.Select(Shown), ("Link", $"<{Vendor.Address}{Place}?per_page=100&page={page + 1}>; rel=\"next\""))
                : Json(200, keys.Select(Shown));
        });
        On($"GET {Place}/{{id}}", request =>
            Keys.Find(key => key.Id == request.Part("id")) is { } key ? FakeReply.Json(200, Shown(key)) : NotFound);
        On($"DELETE {Place}/{{id}}", request => Remove(request.Part("id"), FakeReply.Empty(204)));
    }

    private JsonObject Shown(FakeKey key) => new()
    {
        ["id"] = long.Parse(key.Id),
        ["key"] = _halves.GetValueOrDefault(key.Id, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"),
        ["url"] = $"https://api.github.com{Place}/{key.Id}",
        ["title"] = key.Name,
        ["verified"] = true,
        ["created_at"] = At(key.Created),
        ["read_only"] = key.More["read_only"]?.DeepClone() ?? true,
        ["last_used"] = At(key.Used),
    };
}
