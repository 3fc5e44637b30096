using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.AzureKeyVault;

/// <summary>
/// A Key Vault, written from the specification of its secrets API, version 2025-07-01
/// (https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups), with the challenge of
/// https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses.
/// </summary>
internal sealed class KeyVaultFake
{
    public const string Tenant = "16b3c013-d300-468d-ac64-7eda0820b6d3";
    public const string Token = "entra-token-51c0ffee";
    private const string ApiVersion = "2025-07-01";
    private const int PageSize = 2;
    private readonly FakeVendor _vendor;
    private int _made;

    public KeyVaultFake(FakeVendor vendor)
    {
        _vendor = vendor;
        vendor.On("PUT", "/secrets/{name}", request => Allowed(request, () => Set(request)))
            .On("GET", "/secrets/{name}/", request => Allowed(request, () => Get(request, null)))
            .On("GET", "/secrets/{name}/versions", request => Allowed(request, () => Versions(request)))
            .On("GET", "/secrets/{name}/{version}", request => Allowed(request, () => Get(request, request.Part("version"))))
            .On("PATCH", "/secrets/{name}/{version}", request => Allowed(request, () => Update(request)))
            .On("DELETE", "/secrets/{name}", request => Allowed(request, () => Delete(request)))
            .On("DELETE", "/deletedsecrets/{name}", request => Allowed(request, () => Purge(request)))
            .On("GET", "/secrets", request => Allowed(request, () => Page(request, "/secrets", [])));
    }

    public SortedDictionary<string, List<StoredVersion>> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names whose secrets were deleted, with the state they are in.</summary>
    public Dictionary<string, string> Deleted { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the challenge says a token must be for.</summary>
    public string Resource { get; set; } = "https://vault.azure.net";

    public int Challenges { get; private set; }

    public string? Refuses { get; set; }

    /// <summary>Only deleting and purging is refused, with this inner code.</summary>
    public string? RefusesDeleting { get; set; }

    /// <summary>A deletion takes its time: until then, purging is refused.</summary>
    public bool DeletesSlowly { get; set; }

    /// <summary>Does what a set asks for, and answers 200 with a body that is not as specified.</summary>
    public JsonObject? StrangeAnswer { get; set; }

    public void Reset()
    {
        Secrets.Clear();
        Deleted.Clear();
        (_made, Refuses, RefusesDeleting, DeletesSlowly, StrangeAnswer) = (0, null, null, false, null);
    }

    public StoredVersion Put(string name, string value, JsonObject? tags = null, string? contentType = null)
    {
        if (!Secrets.TryGetValue(name, out var all))
        {
            Secrets[name] = all = [];
        }

        // Like the real ones in form, and not in the order of time.
        var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"version {++_made}")))[..32];
        var version = new StoredVersion(id, value) { Tags = tags, ContentType = contentType };
        all.Add(version);
        return version;
    }

    /// <summary>What readers of the newest version get; null for nothing.</summary>
    public StoredVersion? Reader(string name) => Secrets.TryGetValue(name, out var all) && all[^1].Enabled ? all[^1] : null;

    private FakeReply Allowed(FakeRequest request, Func<FakeReply> answer)
    {
        request.Require(request.RequiredQuery("api-version") == ApiVersion, "another api-version");
        foreach (var own in new[] { "x-ms-client-request-id", "x-ms-return-client-request-id", "Request-Id", "tracestate" })
        {
            request.Header(own);
        }

        if (!request.Path.StartsWith("/deletedsecrets/", StringComparison.Ordinal))
        {
            request.RequireHeader("Accept", "application/json");
        }

        if (request.Header("Authorization") is not { } authorization)
        {
            Challenges++;
            request.RequireNoBody();
            return FakeReply.Json(
                401, Error("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
                ("WWW-Authenticate", $"Bearer authorization=\"https://login.microsoftonline.com/{Tenant}\", resource=\"{Resource}\""));
        }

        return authorization != $"Bearer {Token}" ? FakeReply.Json(401, Error("Unauthorized", "Error validating token"))
            : Refuses is not null ? FakeReply.Json(403, Error("Forbidden", "Caller is not authorized", Refuses)) : answer();
    }

    private FakeReply Set(FakeRequest request)
    {
        var (name, body) = (request.Part("name"), request.Json("value", "contentType?", "attributes?", "tags?"));
        request.Require(name.Length <= 127 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "no name of a secret");
        request.Require(body["tags"] is not JsonObject { Count: > 15 }, "more than 15 tags");
        request.Require(((string)body["value"]!).Length <= 25 * 1024, "the value is too large");
        if (Deleted.TryGetValue(name, out var state))
        {
            return FakeReply.Json(409, Error("Conflict", $"Secret {name} is {state}, holding {body["value"]}", state));
        }

        var version = Put(name, (string)body["value"]!, body["tags"]?.DeepClone() as JsonObject, (string?)body["contentType"]);
        Take(request, version, body["attributes"] as JsonObject);
        return FakeReply.Json(200, StrangeAnswer?.DeepClone() as JsonObject ?? Bundle(name, version, withValue: true));
    }

    /// <summary>https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret/delete-secret: the whole secret, never one
    /// version.</summary>
    private FakeReply Delete(FakeRequest request)
    {
        request.RequireNoBody();
        var name = request.Part("name");
        if (RefusesDeleting is not null)
        {
            return FakeReply.Json(403, Error("Forbidden", "Caller is not authorized", RefusesDeleting));
        }

        if (!Secrets.Remove(name, out var all))
        {
            return Deleted.TryGetValue(name, out var state)
                ? FakeReply.Json(409, Error("Conflict", "deleted already", state))
                : FakeReply.Json(404, Error("SecretNotFound", "not found"));
        }

        Deleted[name] = DeletesSlowly ? "ObjectIsBeingDeleted" : "ObjectIsDeletedButRecoverable";
        var bundle = Bundle(name, all[^1], withValue: false);
        bundle["recoveryId"] = $"{_vendor.Address}/deletedsecrets/{name}";
        (bundle["deletedDate"], bundle["scheduledPurgeDate"]) = (1767323045, 1775099045);
        return FakeReply.Json(200, bundle);
    }

    private FakeReply Purge(FakeRequest request)
    {
        request.RequireNoBody();
        var name = request.Part("name");
        return RefusesDeleting is not null ? FakeReply.Json(403, Error("Forbidden", "Caller is not authorized", RefusesDeleting))
            : !Deleted.TryGetValue(name, out var state) ? FakeReply.Json(404, Error("SecretNotFound", "not found"))
            : state == "ObjectIsBeingDeleted" ? FakeReply.Json(409, Error("Conflict", "not yet", state))
            : Deleted.Remove(name) ? FakeReply.Empty(204) : throw new FakeVendorException("not there");
    }

    private FakeReply Get(FakeRequest request, string? id)
    {
        request.RequireNoBody();
        var name = request.Part("name");
        if (!Secrets.TryGetValue(name, out var all) || (id is not null && all.TrueForAll(v => v.Id != id)))
        {
            return FakeReply.Json(404, Error("SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault."));
        }

        var version = id is null ? all[^1] : all.Find(v => v.Id == id)!;
        return version.Enabled ? FakeReply.Json(200, Bundle(name, version, withValue: true))
            : FakeReply.Json(403, Error("Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"));
    }

    private FakeReply Update(FakeRequest request)
    {
        var body = request.Json("contentType?", "attributes?", "tags?");
        var version = Secrets[request.Part("name")].Find(v => v.Id == request.Part("version"))!;
        Take(request, version, body["attributes"] as JsonObject);
        request.Require(body["tags"] is not JsonObject { Count: > 15 }, "more than 15 tags");
        version.Tags = body["tags"]?.DeepClone() as JsonObject ?? version.Tags;
        version.ContentType = (string?)body["contentType"] ?? version.ContentType;
        return FakeReply.Json(200, Bundle(request.Part("name"), version, withValue: false));
    }

    private FakeReply Versions(FakeRequest request)
    {
        var name = request.Part("name");
        return Page(
            request,
            $"/secrets/{name}/versions",
            Secrets.TryGetValue(name, out var all)
                ? [.. all.OrderBy(v => v.Id, StringComparer.Ordinal).Select(v => Bundle(name, v, withValue: false))]
                : []);
    }

    private FakeReply Page(FakeRequest request, string path, IReadOnlyList<JsonObject> all)
    {
        request.RequireNoBody();
        request.Require(request.Query("maxresults") is null or "25", "pages of another size");
        var from = request.Query("$skiptoken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var next =
            from + PageSize < all.Count ? (JsonNode)$"{_vendor.Address}{path}?api-version={ApiVersion}&$skiptoken={from + PageSize}" : null;
        return FakeReply.Json(200, new JsonObject { ["value"] = new JsonArray([.. all.Skip(from).Take(PageSize)]), ["nextLink"] = next });
    }

    private static void Take(FakeRequest request, StoredVersion version, JsonObject? attributes)
    {
        foreach (var (name, value) in attributes ?? [])
        {
            switch (name)
            {
                case "enabled": version.Enabled = (bool)value!; break;
                case "exp": version.Expires = (long)value!; break;
                case "nbf": version.NotBefore = (long)value!; break;
                default: request.Require(false, $"an attribute '{name}'"); break;
            }
        }
    }

    private JsonObject Bundle(string name, StoredVersion version, bool withValue)
    {
        // In whole seconds, so that versions of one rotation often have one time.
        var attributes = new JsonObject
        {
            ["enabled"] = version.Enabled,
            ["created"] = 1767323045,
            ["updated"] = 1767323045,
            ["recoveryLevel"] = "Recoverable",
            ["recoverableDays"] = 90,
        };
        if (version.Expires is { } expires)
        {
            attributes["exp"] = expires;
        }

        if (version.NotBefore is { } notBefore)
        {
            attributes["nbf"] = notBefore;
        }

        var bundle = new JsonObject
        {
            ["id"] = $"{_vendor.Address}/secrets/{name}/{version.Id}",
            ["attributes"] = attributes,
            ["tags"] = version.Tags?.DeepClone(),
            ["contentType"] = version.ContentType,
        };
        if (withValue)
        {
            bundle["value"] = version.Value;
        }

        return bundle;
    }

    private static JsonObject Error(string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return new JsonObject { ["error"] = error };
    }
}

internal sealed class StoredVersion(string id, string value)
{
    public string Id { get; } = id;

    public string Value { get; } = value;

    public bool Enabled { get; set; } = true;

    public string? ContentType { get; set; }

    public JsonObject? Tags { get; set; }

    public long? Expires { get; set; }

    public long? NotBefore { get; set; }
}

/// <summary>Gives the token that the fake takes, for what the vault's challenge asked for and nothing else.</summary>
internal sealed class FakeTokens : TokenCredential
{
    public int Given { get; private set; }

    public Exception? Fails { get; set; }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Given++;
        Assert.Equal(["https://vault.azure.net/.default"], requestContext.Scopes);
        Assert.Equal(KeyVaultFake.Tenant, requestContext.TenantId);
        return Fails is null ? new AccessToken(KeyVaultFake.Token, TimeProvider.System.GetUtcNow().AddHours(1)) : throw Fails;
    }
}
