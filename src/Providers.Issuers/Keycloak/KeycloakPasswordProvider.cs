using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

internal sealed class KeycloakPasswordProvider(VendorAccess access) : ValueVendor(KeycloakPasswordDescriptor.Instance, access)
{
    private const string Password = "password";

    protected override VendorApi Api => KeycloakApi.Api;

    protected override void Check(VendorCall call) => _ = (KeycloakApi.Admin(call), call.Text(KeycloakPasswordDescriptor.User));

    protected override async Task SetAsync(VendorCall call, SecretValue value)
    {
        var user = await FindAsync(call);
        var body = new JsonObject { ["type"] = Password, ["value"] = value.RevealText(), ["temporary"] = false };
        await call.PutAsync($"{KeycloakApi.Admin(call)}/users/{user.Text("id")}/reset-password", body);
    }

    /// <summary>All refusals of a password grant are "invalid_grant": the status tells a wrong password from a user that may
    /// not.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Form(
        KeycloakApi.Token(call.Text(KeycloakApi.Realm)),
        new JsonObject
        {
            ["grant_type"] = Password,
            ["client_id"] = call.Maybe(KeycloakPasswordDescriptor.LoginClient) ?? KeycloakPasswordDescriptor.UsualClient,
            ["username"] = call.Text(KeycloakPasswordDescriptor.User),
            [Password] = value.RevealText(),
        }).Means(
            valid: [200],
            invalid: [],
            reply => reply.Status == 401 && reply.Maybe("error") == "invalid_grant" ? Validity.Invalid : null);

    protected override Task TryOwnAsync(VendorCall call) => FindAsync(call);

    private static async Task<VendorReply> FindAsync(VendorCall call)
    {
        var (name, realm) = (call.Text(KeycloakPasswordDescriptor.User), call.Text(KeycloakApi.Realm));
        var user = (await call.GetAsync($"{KeycloakApi.Admin(call)}/users?username={name}&exact=true")).Items()
            .FirstOrDefault(user => string.Equals(user.Text("username"), name, StringComparison.OrdinalIgnoreCase))
            ?? throw call.Rejected($"The realm {realm} has no user '{name}'. Correct it, or give Rotunda's client the role view-users.");
        var problem = !user.Flag("enabled") ? "is disabled. Enable the user first"
            : user.Flag("totp") ? "logs in with a one-time code, too, so no password can be tried by itself. Take a user without one"
            : user.Has("requiredActions") && user.Items("requiredActions") is { Count: > 0 } actions
                ? $"has to do something at the next login ({string.Join(", ", actions.Select(action => action.Own))}), which no "
                    + "password grant can. Take it away"
            : user.Has("access") && user.At("access").Has("manage") && !user.At("access").Flag("manage")
                ? "may not be changed by Rotunda's client. Give that the role manage-users, and all that the user has"
            : null;
        return problem is null ? user : throw call.Rejected($"The user {name} {problem}.");
    }
}
