using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotunda.Page.Tests.SignIn;

/// <summary>
/// A small strict OpenID Connect provider (code flow with PKCE). It lets everybody in as <see cref="Person"/> without asking, refuses each
/// request that a provider has to refuse, and can answer wrongly in one way.
/// </summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "rotunda";
    public const string ClientSecret = "the-secret-of-the-client-0123456789";

    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new(StringComparer.Ordinal);

    private IdentityProvider(WebApplication app) => _app = app;

    /// <summary>Who is signed in there.</summary>
    public JsonObject Person { get; set; } = [];

    /// <summary>What is wrong with its answers; null: nothing.</summary>
    public string? Fault { get; set; }

    /// <summary>What the last request to sign in asked for.</summary>
    public IReadOnlyDictionary<string, string?> Asked { get; private set; } = new Dictionary<string, string?>();

    public ConcurrentQueue<string> Refused { get; } = new();

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new IdentityProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Configuration);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", async (HttpContext http) => await (await provider.TokenAsync(http)).ExecuteAsync(http));
        await app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private IResult Configuration() => Json(new JsonObject
    {
        ["issuer"] = Url,
        ["authorization_endpoint"] = $"{Url}/authorize",
        ["token_endpoint"] = $"{Url}/token",
        ["jwks_uri"] = $"{Url}/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
    });

    private IResult Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return Json(new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = "one",
                ["n"] = Base64Url.EncodeToString(key.Modulus!), ["e"] = Base64Url.EncodeToString(key.Exponent!),
            }),
        });
    }

    private IResult Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        Asked = query.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        var redirect = Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var uri) ? uri : null;
        if (query["client_id"] != ClientId
            || query["response_type"] != "code"
            || redirect is not { Host: "127.0.0.1", AbsolutePath: "/sign-in/callback" }
            || !query["scope"].ToString().Split(' ').Contains("openid")
            || query["code_challenge_method"] != "S256"
            || query["code_challenge"].ToString().Length != 43
            || query["nonce"].ToString().Length < 16
            || query["state"].ToString().Length < 16)
        {
            return Refuse("authorize");
        }

        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = query;
        var state = Uri.EscapeDataString(Fault == "state" ? "A" + query["state"] : query["state"]!);
        return Results.Redirect(Fault == "denied"
            ? $"{redirect}?error=access_denied&state={state}"
            : $"{redirect}?code={code}&state={state}");
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["grant_type"] != "authorization_code"
            || form["client_id"] != ClientId
            || form["client_secret"] != ClientSecret
            || !_codes.TryRemove(form["code"].ToString(), out var asked)
            || form["redirect_uri"] != asked["redirect_uri"]
            || challenge != asked["code_challenge"])
        {
            return Refuse("token");
        }

        return Json(new JsonObject
        {
            ["access_token"] = "opaque", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = IdToken(asked),
        });
    }

    private string IdToken(IQueryCollection asked)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Fault == "issuer" ? "https://another.example" : Url,
            ["aud"] = Fault == "audience" ? "another-client" : ClientId,
            ["iat"] = now,
            ["nbf"] = Fault == "early" ? now + 600 : now,
            ["exp"] = Fault == "expired" ? now - 600 : now + 300,
            ["nonce"] = Fault == "nonce" ? "another" : asked["nonce"].ToString(),
        };
        foreach (var (name, value) in Person.Where(claim => Fault != "nobody" || claim.Key != "sub"))
        {
            claims[name] = value?.DeepClone();
        }

        var header = Fault switch
        {
            "unsigned" => """{"alg":"none"}""",
            "unknown-key" => """{"alg":"RS256","kid":"two","typ":"JWT"}""",
            _ => """{"alg":"RS256","kid":"one","typ":"JWT"}""",
        };
        var text = $"{Encode(header)}.{Encode(claims.ToJsonString())}";
        var key = Fault is "signature" or "unknown-key" ? _otherKey : _key;
        return Fault == "unsigned"
            ? text + "."
            : $"{text}.{Signature(key, text)}";
    }

    private static string Signature(RSA key, string text) =>
        Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private IResult Refuse(string where)
    {
        Refused.Enqueue(where);
        return Results.Json(new { error = "invalid_request" }, statusCode: 400);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static IResult Json(JsonObject value) => Results.Text(value.ToJsonString(), "application/json");
}
