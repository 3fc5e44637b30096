using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Ssh;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitHubKeys;

internal sealed class GitHubDeployKeyProvider(VendorAccess access) : KeyVendor(GitHubDeployKeyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("GitHub", GitHubDeployKeyDescriptor.Address, VendorAuth.Bearer(GitHubDeployKeyDescriptor.Token), "message")
        {
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        };

    protected override void Check(VendorCall call) => Keys(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await call.PreviousAsync(previous, id => VendorPath.Of($"{Keys(call)}/{id}"));
        var pair = call.Register(SecretValue.FromText(OpenSshKey.NewEcdsa()));
        var half = OpenSshKey.PublicOf(pair)!;
        var made = await call.PostAsync(Keys(call), new JsonObject
        {
            ["title"] = label,
            ["key"] = $"{half.Type} {half.Blob}",
            ["read_only"] = call.Flag(GitHubDeployKeyDescriptor.ReadOnly, before?.Flag("read_only") ?? true),
        });
        return new(made.Text("id"), pair);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Keys(call)}?per_page=100",
        page => page.Items().Select(key =>
            new Listed(key.Text("id"), key.Maybe("title"), key.Time("created_at"), key.Time("last_used"))),
        page => page.Next());

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value) =>
        OpenSshKey.PublicOf(value) is not { } half ? Validity.Invalid
        : call.Tried?.Id is { } id
            ? await LookAsync(call, id, $"{Keys(call)}/{id}", key => half.IsIn(key.Text("key")))
        : Validity.CannotTell;

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}/{id}");

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"repos/{call.Text(GitHubDeployKeyDescriptor.Owner)}/{call.Text(GitHubDeployKeyDescriptor.Repository)}/keys");
}
