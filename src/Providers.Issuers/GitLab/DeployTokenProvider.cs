using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitLab;

internal sealed class DeployTokenProvider(VendorAccess access) : KeyVendor(DeployTokenDescriptor.Instance, access)
{
    /// <summary>A login with one of these is known, whatever it may do.</summary>
    private static readonly string[] Logins = ["read_repository", "read_registry", "write_registry"];

    protected override VendorApi Api { get; } =
        new("GitLab", GitLabDescriptor.Address, VendorAuth.Header("PRIVATE-TOKEN", DeployTokenDescriptor.Token), "message", "error")
        {
            Minted = VendorAuth.AccountPair,
        };

    protected override void Check(VendorCall call)
    {
        _ = (Tokens(call), call.Expiry(DeployTokenDescriptor.Lifetime));
        if (call.List(DeployTokenDescriptor.Scopes) is { } scopes)
        {
            CanBeTried(call, scopes);
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"{Tokens(call)}/{id}"));
        var end = call.Expiry(DeployTokenDescriptor.Lifetime);
        var scopes = call.List(DeployTokenDescriptor.Scopes) ?? before?.Copy("scopes")?.AsArray()
            ?? throw call.NotSaid(DeployTokenDescriptor.Scopes);
        CanBeTried(call, scopes);
        var made = await call.PostAsync(Tokens(call), new JsonObject
        {
            ["name"] = label,
            ["scopes"] = scopes,
            ["username"] = call.Maybe(DeployTokenDescriptor.Username) ?? before?.Text("username"),
            ["expires_at"] = VendorCall.Moment(end),
        });
        return new(made.Text("id"), made.Secret("token"), end, made.Text("username"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        VendorPath.Of($"{Tokens(call)}?active=true&per_page=100"),
        page => page.Items().Select(token => new Listed(token.Text("id"), token.Maybe("name"), ExpiresAt: token.Time("expires_at"))),
        page => page.Next());

    /// <summary>The name beside the token is looked up where the ledger does not have it.</summary>
    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value)
    {
        if (call.Tried is { Account: null, Id: { } id } tried)
        {
            var found = await LookAsync(call, id, VendorPath.Of($"{Tokens(call)}/{id}"), token =>
            {
                call.Tried = tried with { Account = token.Text("username") };
                return true;
            });
            if (found != Validity.Valid)
            {
                return found;
            }
        }

        return call.Tried?.Account is null
            ? throw call.Rejected("The name that the token logs in with is not known. Give the token's id under 'current'.")
            : await base.TryAsync(call, value);
    }

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"jwt/auth?service=container_registry").Means(valid: [200], invalid: [401], KnownAllTheSame);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    /// <summary>It may not use the registry, or there is none: that is said to who logged in.</summary>
    private static Validity? KnownAllTheSame(VendorReply reply) =>
        reply.Status is 403 or 404 && reply.Has("errors")
        && reply.Items("errors").Any(error => error.Maybe("code") is "DENIED" or "UNAVAILABLE")
            ? Validity.Valid
            : null;

    private static void CanBeTried(VendorCall call, JsonArray scopes)
    {
        if (!scopes.Any(scope => Logins.Contains((string?)scope)))
        {
            throw call.Rejected($"A token with these scopes cannot be tried. Add one of {string.Join(", ", Logins)} to 'scopes'.");
        }
    }

    private static VendorPath Tokens(VendorCall call) =>
        (call.Maybe(DeployTokenDescriptor.Project), call.Maybe(DeployTokenDescriptor.Group)) switch
        {
            ({ } project, null) => VendorPath.Of($"api/v4/projects/{project}/deploy_tokens"),
            (null, { } group) => VendorPath.Of($"api/v4/groups/{group}/deploy_tokens"),
            _ => throw call.Rejected("Set one of 'project' and 'group': whose tokens these are."),
        };
}
