using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.DockerHub;

internal sealed class DockerHubProvider(VendorAccess access) : KeyVendor(DockerHubDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Docker Hub", DockerHubDescriptor.Address, VendorAuth.Exchanged(LogInAsync), "message", "detail") { Minted = VendorAuth.None };

    protected override void Check(VendorCall call) => call.Expiry(DockerHubDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(DockerHubDescriptor.Lifetime);
        var scopes = call.List(DockerHubDescriptor.Scopes);
        var body = new JsonObject { ["expires_at"] = VendorCall.Moment(expires) };
        if (IsOfOrganization(call))
        {
            body["label"] = label;
            body["resources"] = Resources(call, scopes) ?? await BeforeAsync(call, previous, "resources");
            var issued = await call.PostAsync(Tokens(call), body);
            return new(issued.Text("id"), issued.Secret("token"), expires);
        }

        body["token_label"] = label;
        body["scopes"] = scopes ?? await BeforeAsync(call, previous, "scopes");
        var made = await call.PostAsync(Tokens(call), body);
        return new(made.Text("uuid"), made.Secret("token"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Tokens(call)}?page_size=100",
        page => page.Items("results").Select(token => IsOfOrganization(call)
            ? new Listed(
                token.Text("id"),
                token.Maybe("label"),
                token.Time("created_at"),
                token.Time("last_used_at"),
                token.Time("expires_at"))
            : new Listed(token.Text("uuid"), token.Maybe("token_label"), token.Time("created_at"), token.Time("last_used"))),
        page => call.Link(page.Maybe("next")));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Post($"v2/auth/token", new JsonObject
    {
        ["identifier"] = call.Maybe(DockerHubDescriptor.Organization) ?? call.Text(DockerHubDescriptor.User),
        ["secret"] = value.RevealText(),
    });

    protected override Task EnableAsync(VendorCall call, string id, bool enabled) =>
        call.PatchAsync($"{Tokens(call)}/{id}", new JsonObject { ["is_active"] = enabled });

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    private static async Task<SecretValue> LogInAsync(VendorCall call)
    {
        using var password = await call.SecretAsync(DockerHubDescriptor.Password);
        var session = await call.AskAsync($"v2/auth/token", new JsonObject
        {
            ["identifier"] = call.Text(DockerHubDescriptor.User),
            ["secret"] = password.RevealText(),
        });
        return session.Secret("access_token");
    }

    private static JsonArray? Resources(VendorCall call, JsonArray? scopes) =>
        call.List(DockerHubDescriptor.Repositories) is { } repositories && scopes is not null
            ? [.. repositories.Select(path => (JsonNode)new JsonObject
            {
                ["type"] = "TYPE_REPO",
                ["path"] = path!.DeepClone(),
                ["scopes"] = scopes.DeepClone(),
            })]
            : null;

    private static async Task<JsonNode> BeforeAsync(VendorCall call, string? previous, string member) =>
        (await call.PreviousAsync(previous, id => VendorPath.Of($"{Tokens(call)}/{id}")))?.Copy(member)
            ?? throw call.Rejected(
                "What the token in use may do is not known: set 'scopes' (and 'repositories' of an organisation), or its id under "
                    + "'current'.");

    private static bool IsOfOrganization(VendorCall call) => call.Maybe(DockerHubDescriptor.Organization) is not null;

    private static VendorPath Tokens(VendorCall call) => call.Maybe(DockerHubDescriptor.Organization) is { } organization
        ? VendorPath.Of($"v2/orgs/{organization}/access-tokens")
        : VendorPath.Of($"v2/access-tokens");
}
