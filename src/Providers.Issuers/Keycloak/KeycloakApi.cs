using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

/// <summary>What the kinds of credentials at Keycloak share: the login of Rotunda itself, and a client as it stands there.</summary>
internal static class KeycloakApi
{
    public const string Realm = "realm";
    public const string Client = "client";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string LoginRealm = "loginRealm";
    public const string Secret = "secret";
    public const string SecretEnds = "client.secret.expiration.time";
    public const string SecretMade = "client.secret.creation.time";
    public const string RotatedEnds = "client.secret.rotated.expiration.time";
    private const string BySecret = "client-secret";

    public static VendorApi Api { get; } = new(
        "Keycloak", "", VendorAuth.Exchanged(LogInAsync), "error_description", "errorMessage", "error")
    {
        Minted = VendorAuth.None,
    };

    public static VendorPath Token(string realm) => VendorPath.Of($"realms/{realm}/protocol/openid-connect/token");

    public static VendorPath Admin(VendorCall call) => VendorPath.Of($"admin/realms/{call.Text(Realm)}");

    /// <summary>What the schema cannot say of the settings for a client's secret.</summary>
    public static void CheckClient(VendorCall call)
    {
        if (call.Text(Client) == call.Text(ClientId) && call.Text(Realm) == LoginRealmOf(call))
        {
            throw call.Rejected(
                "'client' is the client as which Rotunda logs in, so it would lock itself out. Give it another one to log in as.");
        }

        _ = Admin(call);
    }

    /// <summary>The client, whole, as it is to be sent back.</summary>
    public static async Task<VendorReply> FindAsync(VendorCall call)
    {
        var name = call.Text(Client);
        var found = (await call.GetAsync($"{Admin(call)}/clients?clientId={name}")).Items()
            .FirstOrDefault(client => client.Text("clientId") == name)
            ?? throw call.Rejected($"The realm {call.Text(Realm)} has no client '{name}'. Correct it, or give "
                + "Rotunda's client the role view-clients.");
        return await call.GetAsync(Place(call, found.Text("id")));
    }

    /// <summary>Whether the client logs in by a secret that Rotunda may replace.</summary>
    public static void CheckSecret(VendorCall call, VendorReply client)
    {
        var name = call.Text(Client);
        if (!client.Flag("enabled"))
        {
            throw call.Rejected($"The client {name} is disabled, so no secret of it works. Enable it first.");
        }

        var how = client.Flag("publicClient") ? "it is public"
            : client.Flag("bearerOnly") ? "it is bearer-only"
            : client.Maybe("clientAuthenticatorType") is { } type && type != BySecret ? $"it logs in by {type}"
            : null;
        if (how is not null)
        {
            throw call.Rejected(
                $"The client {name} has no secret to replace: {how}. Set its client authenticator to 'Client Id and Secret'.");
        }

        if (client.Maybe(Secret) is not { Length: > 0 } secret || secret.All(symbol => symbol == '*'))
        {
            throw call.Rejected(
                $"Keycloak does not show the secret of {name}. Give Rotunda's client the role manage-clients in the realm.");
        }

        client.Secret(Secret).Dispose();
    }

    /// <summary>An attribute of the client; null where there is none.</summary>
    public static string? Attribute(VendorReply client, string name) =>
        client.Has("attributes") ? client.At("attributes").Maybe(name) : null;

    /// <summary>Sets the secret. All else is sent back as it was: what a client's update leaves out may be taken away from it.</summary>
    public static Task SetAsync(VendorCall call, VendorReply client, string secret)
    {
        var body = client.Whole();
        body[Secret] = secret;
        return call.PutAsync(Place(call, client.Text("id")), body);
    }

    public static VendorPath Place(VendorCall call, string id) => VendorPath.Of($"{Admin(call)}/clients/{id}");

    /// <summary>A client may ask of any token whether it is one, and is let in by its secret alone: also where it may have no
    /// tokens.</summary>
    public static Probe Verify(VendorCall call, SecretValue value) => Probe.Form(
        $"realms/{call.Text(Realm)}/protocol/openid-connect/token/introspect",
        new JsonObject
        {
            ["client_id"] = call.Text(Client),
            ["client_secret"] = value.RevealText(),
            ["token"] = "rotunda",
        }).Means(valid: [200], invalid: [401]);

    private static Task<SecretValue> LogInAsync(VendorCall call) => call.TokenAsync(Token(LoginRealmOf(call)), ClientId, ClientSecret);

    private static string LoginRealmOf(VendorCall call) => call.Maybe(LoginRealm) ?? call.Text(Realm);
}
