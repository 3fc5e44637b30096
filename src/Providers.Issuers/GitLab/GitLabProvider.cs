using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitLab;

internal sealed class GitLabProvider(VendorAccess access) : KeyVendor(GitLabDescriptor.Instance, access)
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);
    private static readonly string[] Owners = [GitLabDescriptor.Project, GitLabDescriptor.Group, GitLabDescriptor.User];
    private static readonly string[] Levels = ["guest", "reporter", "developer", "maintainer", "owner"];

    protected override VendorApi Api { get; } =
        new("GitLab", GitLabDescriptor.Address, VendorAuth.Header("PRIVATE-TOKEN", GitLabDescriptor.Token), "message", "error");

    protected override void Check(VendorCall call)
    {
        _ = End(call);
        if (Owners.Count(owner => call.Maybe(owner) is not null) != 1)
        {
            throw call.Rejected("Set one of 'project', 'group' and 'user': whose tokens these are.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"{Tokens(call)}/{id}"));
        var end = End(call);
        var body = new JsonObject
        {
            ["name"] = label,
            ["scopes"] = call.List(GitLabDescriptor.Scopes) ?? before?.Copy("scopes") ?? throw call.NotSaid(GitLabDescriptor.Scopes),
            ["expires_at"] = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        if (call.Maybe(GitLabDescriptor.User) is { } user)
        {
            var personal = await call.PostAsync($"api/v4/users/{user}/personal_access_tokens", body);
            return new(personal.Text("id"), personal.Secret("token"), end);
        }

        body["access_level"] = call.Maybe(GitLabDescriptor.AccessLevel) is { } level
            ? (Array.IndexOf(Levels, level) + 1) * 10
            : before?.Copy("access_level");
        var made = await call.PostAsync(Tokens(call), body);
        return new(made.Text("id"), made.Secret("token"), end);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        call.Maybe(GitLabDescriptor.User) is { } user
            ? VendorPath.Of($"{Tokens(call)}?state=active&per_page=100&user_id={user}")
            : VendorPath.Of($"{Tokens(call)}?state=active&per_page=100"),
        page => page.Items().Where(token => token.Flag("active")).Select(token =>
            new Listed(token.Text("id"), token.Maybe("name"), token.Time("created_at"), token.Time("last_used_at"))),
        page => page.Next());

    /// <summary>A token that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/v4/personal_access_tokens/self").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    private static DateTimeOffset End(VendorCall call)
    {
        var end = call.Expiry(GitLabDescriptor.Lifetime, LongestLifetime)
            ?? throw call.Rejected("'lifetime' is not set, and GitLab makes no token without an end. Set it.");
        return new(end.UtcDateTime.Date, TimeSpan.Zero);
    }

    private static VendorPath Tokens(VendorCall call) =>
        call.Maybe(GitLabDescriptor.Project) is { } project ? VendorPath.Of($"api/v4/projects/{project}/access_tokens")
        : call.Maybe(GitLabDescriptor.Group) is { } group ? VendorPath.Of($"api/v4/groups/{group}/access_tokens")
        : VendorPath.Of($"api/v4/personal_access_tokens");
}
