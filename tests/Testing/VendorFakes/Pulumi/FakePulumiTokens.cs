using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes.Pulumi;

/// <summary>A token as Pulumi Cloud keeps it.</summary>
public sealed record FakePulumiToken(string Id, string Place, string Name, string Description, string Value, long Expires, bool Admin)
{
    public long LastUsed { get; set; }

    public DateTimeOffset Created { get; } = TimeProvider.System.GetUtcNow();
}

/// <summary>Access tokens of an organisation, its teams and a user, by
/// https://www.pulumi.com/docs/reference/cloud-rest-api/access-tokens/.</summary>
public sealed class FakePulumiTokens
{
    /// <summary>Of the administrator, by which the others are issued.</summary>
    public const string AdminToken = "pul-fedcba9876543210fedcba9876543210fedcba98";
    private readonly HashSet<string> _namesEver = new(StringComparer.Ordinal);
    private int _lastId;

    public FakePulumiTokens(FakeVendor vendor)
    {
        foreach (var (place, members) in new[]
        {
            ("/api/user/tokens", (string[])["description", "expires"]),
            ("/api/orgs/{organization}/tokens", ["name", "description", "expires", "admin", "roleID?"]),
            ("/api/orgs/{organization}/teams/{team}/tokens", ["name", "description", "expires"]),
        })
        {
            On(
                vendor,
                "GET",
                place,
                request => FakeReply.Json(
                    200,
                    new JsonObject
                    {
                        ["tokens"] = new JsonArray([.. Live.Where(token => token.Place == request.Path)
                            .Select(token => (JsonNode)Shown(token))]),
                    }));
            On(vendor, "POST", place, request => Make(request, request.Json(members)));
            On(vendor, "DELETE", place
                + "/{id}", request => Live.RemoveAll(token => token.Id == request.Part("id")
                    && request.Path == $"{token.Place}/{token.Id}") == 1
                ? FakeReply.Empty(204)
                    : FakeReply.Json(404, new JsonObject { ["code"] = 404, ["message"] = "Not Found: access token not found" }));
        }

        vendor.On("GET", "/api/user", request =>
        {
            request.RequireHeader("Accept", "application/vnd.pulumi+8");
            request.RequireNoBody();
            var authorization = request.Header("Authorization");
            var own = Live.Find(token => authorization == "token " + token.Value);
            if (own is not null)
            {
                own.LastUsed = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            }

            return authorization == "token " + AdminToken || own is not null
                ? FakeReply.Json(
                    200,
                    new JsonObject { ["githubLogin"] = "ada", ["tokenInfo"] = new JsonObject { ["organization"] = "acme" } })
                : Unauthorized();
        });
    }

    public List<FakePulumiToken> Live { get; } = [];

    public void Reset()
    {
        Live.Clear();
        _namesEver.Clear();
    }

    /// <summary>One that was made before.</summary>
    public FakePulumiToken Stand(string place, string value, string description = "by hand")
    {
        var token = new FakePulumiToken($"id-{++_lastId}", place, $"by-hand-{_lastId}", description, value, 0, false);
        Live.Add(token);
        return token;
    }

    private static void On(FakeVendor vendor, string method, string pattern, Func<FakeRequest, FakeReply> answer) =>
        vendor.On(method, pattern, request =>
        {
            request.RequireHeader("Accept", "application/vnd.pulumi+8");
            if (method != "POST")
            {
                request.RequireNoBody();
            }

            return request.Header("Authorization") == "token " + AdminToken ? answer(request) : Unauthorized();
        });

    private FakeReply Make(FakeRequest request, JsonObject body)
    {
        var name = body["name"]?.GetValue<string>() ?? "";
        request.Require(name.Length <= 40, $"the name has {name.Length} characters");
        request.Require(
            body["expires"]!.GetValue<long>() is var expires
                && (expires == 0 || expires > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()),
            "it has expired already");
        if (name.Length > 0 && !_namesEver.Add(name))
        {
            return FakeReply.Json(
                409,
                new JsonObject { ["code"] = 409, ["message"] = "Conflict: a token with this name exists, or has existed" });
        }

        var token = new FakePulumiToken(
            $"id-{++_lastId}",
            request.Path,
            name,
            body["description"]!.GetValue<string>(),
            $"pul-{Guid.NewGuid():N}01234567",
            expires,
            body["admin"]?.GetValue<bool>() ?? false);
        Live.Add(token);
        return FakeReply.Json(200, new JsonObject { ["id"] = token.Id, ["tokenValue"] = token.Value });
    }

    private static JsonObject Shown(FakePulumiToken token) => new()
    {
        ["id"] = token.Id,
        ["name"] = token.Name,
        ["description"] = token.Description,
        ["created"] = token.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        ["lastUsed"] = token.LastUsed,
        ["expires"] = token.Expires,
        ["admin"] = token.Admin,
    };

    private static FakeReply Unauthorized() =>
        FakeReply.Json(401, new JsonObject { ["code"] = 401, ["message"] = "Unauthorized: No credentials provided or are invalid." });
}
