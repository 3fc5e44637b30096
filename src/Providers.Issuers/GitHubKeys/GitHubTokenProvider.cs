using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitHubKeys;

internal sealed class GitHubTokenProvider(VendorAccess access) : KeyVendor(GitHubTokenDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("GitHub", GitHubDeployKeyDescriptor.Address, VendorAuth.Nothing, "message")
    {
        Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        Minted = VendorAuth.Bearer(""),
    };

    /// <summary>One that single sign-on keeps out is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"user").Means(valid: [200, 403], invalid: [401]);

    protected override Task EndAsync(VendorCall call, SecretValue value) => call.PostAsync(
        $"credentials/revoke", new JsonObject { ["credentials"] = new JsonArray(value.RevealText()) });
}
