using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://www.keycloak.org/docs-api/latest/rest-api/index.html#_clients: a realm with two clients and a user.</summary>
internal abstract class KeycloakTable(string provider) : VendorTable(provider)
{
    private const string Session = "session-token-0123456789abcdef";
    protected const string Admin = "/admin/realms/shop";

    public override string OwnSetting => "clientSecret";

    /// <summary>What else the client, or the user, has.</summary>
    public JsonObject Other { get; } = [];

    protected override (string Name, string Value) Own => ("Authorization", $"Bearer {Session}");

    protected void DrawLogin(string? ofUsers = null) => Route("POST /realms/{realm}/protocol/openid-connect/token", request =>
    {
        request.Require(request.Part("realm") is "shop" or "master", "another realm");
        if (ofUsers is not null && request.Text.Contains("grant_type=password", StringComparison.Ordinal))
        {
            var login = request.Form("grant_type", "client_id", "username", "password");
            request.Require((string?)login["client_id"] == "admin-cli", "another client");
            return (string?)login["username"] != ofUsers || (string?)login["password"] != Keys[0].Value
                    ? Json(401, new { error = "invalid_grant", error_description = "Invalid user credentials" })
                : Other["requiredActions"] is JsonArray { Count: > 0 }
                    ? Json(400, new { error = "invalid_grant", error_description = "Account is not fully set up" })
                : Json(200, new { access_token = "another", token_type = "Bearer" });
        }

        var form = request.Form("grant_type", "client_id", "client_secret");
        request.Require((string?)form["grant_type"] == "client_credentials", "another grant");
        return (string?)form["client_id"] == "rotunda" && (string?)form["client_secret"] == OwnValue
            ? Json(200, new { access_token = Session, token_type = "Bearer" })
            : Json(401, new { error = "unauthorized_client", error_description = "Invalid client or Invalid client credentials" });
    });
}

/// <summary>A client with one secret, which is set with all else that the client has.</summary>
internal class KeycloakSecretTable(string provider) : KeycloakTable(provider)
{
    protected const string Place = $"{Admin}/clients/5f0e2a77-1d0c-4f4e-9a39-7f2f4b1c9a10";

    public KeycloakSecretTable()
        : this("keycloak-client-secret")
    {
    }

    public override bool Issues => false;

    public override JsonObject Settings => new() { ["realm"] = "shop", ["client"] = "portal", ["clientId"] = "rotunda" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
    [
        ("its own client", new() { ["client"] = "rotunda" }),
        ("no such client", new() { ["client"] = "another" }),
        ("no realm", new() { ["realm"] = null }),
        ("a client that is public", new() { ["client"] = "page" }),
    ];

    public override Action<string>? SetByHand => secret => Keys[^1] = Keys[^1] with { Value = secret };

    public override string? NoRights => "a secret has no rights of its own: the client has";

    /// <summary>What a secret has that lives beside the client's own.</summary>
    protected virtual FakeKey? Rotated => null;

    protected override void Draw()
    {
        DrawLogin();
        On($"GET {Admin}/clients", request => request.RequiredQuery("clientId") switch
        {
            "portal" => FakeReply.Json(200, new JsonArray(Client())),
            "page" => FakeReply.Json(200, new JsonArray(Page())),
            _ => Json(200, Array.Empty<string>()),
        });
        On($"GET {Place}", _ => FakeReply.Json(200, Client()));
        On($"GET {Admin}/clients/page", _ => FakeReply.Json(200, Page()));
        On($"PUT {Place}", request =>
        {
            // Whatever an update leaves out may be lost: all of it has to be there, as it was read.
            var body = request.Json([.. Client().Select(member => member.Key)]);
            var secret = (string)body["secret"]!;
            body["secret"] = Keys[^1].Value;
            request.Require(JsonNode.DeepEquals(body, Client()), $"something else has changed: {body.ToJsonString()}");
            Keys[^1] = Keys[^1] with { Value = secret };
            return FakeReply.Empty(204);
        });
        Route("POST /realms/shop/protocol/openid-connect/token/introspect", request =>
        {
            var form = request.Form("client_id", "client_secret", "token");
            var isKnown = (string?)form["client_id"] == "portal"
                && ((string?)form["client_secret"] == Keys[^1].Value || (string?)form["client_secret"] == Rotated?.Value);
            return isKnown ? Json(200, new { active = false })
                : Json(401, new { error = "invalid_request", error_description = "Authentication failed." });
        });
    }

    protected virtual JsonObject Attributes() => new() { ["client.secret.creation.time"] = $"{MadeAt(Made)}" };

    /// <summary>Each an hour after the one before, in seconds since 1970.</summary>
    public static long MadeAt(int number) => 1_700_000_000 + (3600L * number);

    private JsonObject Client()
    {
        var client = new JsonObject
        {
            ["id"] = Place.Split('/')[^1],
            ["clientId"] = "portal",
            ["enabled"] = true,
            ["publicClient"] = false,
            ["bearerOnly"] = false,
            ["clientAuthenticatorType"] = "client-secret",
            ["secret"] = Keys[^1].Value,
            ["serviceAccountsEnabled"] = false,
            ["authorizationServicesEnabled"] = true,
            ["redirectUris"] = new JsonArray("https://portal.example.com/*"),
            ["attributes"] = Attributes(),
            ["access"] = new JsonObject { ["view"] = true, ["configure"] = true, ["manage"] = true },
        };
        foreach (var (name, value) in Other)
        {
            client[name] = value?.DeepClone();
        }

        return client;
    }

    private static JsonObject Page() => new() { ["id"] = "page", ["clientId"] = "page", ["enabled"] = true, ["publicClient"] = true };
}

/// <summary>https://www.keycloak.org/docs/latest/server_admin/#_secret_rotation: the one before lives on.</summary>
internal sealed class KeycloakRotatedTable() : KeycloakSecretTable("keycloak-rotated-secret")
{
    public override bool Issues => true;

    public override Action<string>? SetByHand => null;

    public bool IsUnderPolicy { get; set; } = true;

    /// <summary>The time of the older one is over.</summary>
    public bool HasLapsed { get; set; }

    protected override FakeKey? Rotated => Keys.Count > 1 && !HasLapsed ? Keys[0] : null;

    protected override string NewId(int number) => $"{MadeAt(number)}";

    protected override JsonObject Attributes()
    {
        var attributes = base.Attributes();
        if (IsUnderPolicy)
        {
            attributes["client.secret.expiration.time"] = "4102444800";
        }

        if (Keys.Count > 1)
        {
            attributes["client.secret.rotated.expiration.time"] = HasLapsed ? "1700000000" : "4102444800";
        }

        return attributes;
    }

    protected override void Draw()
    {
        base.Draw();
        On($"POST {Place}/client-secret", request =>
        {
            request.RequireNoBody();
            Keys.RemoveRange(0, Keys.Count - 1);
            return Json(200, new { type = "secret", value = Make(request, [], "").Value });
        });
        On($"GET {Place}/client-secret/rotated", _ => Keys.Count > 1
            ? Json(200, new { type = "secret", value = Keys[0].Value })
            : Json(404, new { error = "Client does not have a rotated secret" }));
        On($"DELETE {Place}/client-secret/rotated", _ =>
        {
            Keys.RemoveRange(0, Keys.Count - 1);
            return FakeReply.Empty(204);
        });
    }
}

/// <summary>https://www.keycloak.org/docs-api/latest/rest-api/index.html#_users: an administrator, and a password grant.</summary>
internal sealed class KeycloakPasswordTable() : KeycloakTable("keycloak-user-password")
{
    private const string User = "d9c1a1de-63a6-4d5c-8d54-0a9b1c2d3e4f";

    public override bool Issues => false;

    public override JsonObject Settings =>
        new() { ["realm"] = "shop", ["user"] = "admin", ["clientId"] = "rotunda", ["loginRealm"] = "master" };

    public override IEnumerable<(string What, JsonObject Settings)> Broken =>
        [("no such user", new() { ["user"] = "another" }), ("no user", new() { ["user"] = null })];

    public override Action<string>? SetByHand => password => Keys[0] = Keys[0] with { Value = password };

    public override string? NoRights => "the check refuses users that cannot log in by a password alone";

    protected override void Draw()
    {
        DrawLogin("admin");
        On($"GET {Admin}/users", request =>
        {
            request.Require(request.RequiredQuery("exact") == "true", "any user with such a name");
            return request.RequiredQuery("username") == "admin"
                ? FakeReply.Json(200, new JsonArray(Shown()))
                : Json(200, Array.Empty<string>());
        });
        On($"PUT {Admin}/users/{User}/reset-password", request =>
        {
            var body = request.Json("type", "value", "temporary");
            request.Require((string?)body["type"] == "password" && (bool?)body["temporary"] == false, "another credential");
            Keys[0] = Keys[0] with { Value = (string)body["value"]!, More = new() { ["password"] = (string)body["value"]! } };
            return FakeReply.Empty(204);
        });
    }

    private JsonObject Shown()
    {
        var user = new JsonObject
        {
            ["id"] = User,
            ["username"] = "admin",
            ["enabled"] = true,
            ["totp"] = false,
            ["requiredActions"] = new JsonArray(),
            ["access"] = new JsonObject { ["manage"] = true },
        };
        foreach (var (name, value) in Other)
        {
            user[name] = value?.DeepClone();
        }

        return user;
    }
}
