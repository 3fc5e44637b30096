using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PostHog;

internal sealed class PostHogProvider(VendorAccess access) : KeyVendor(PostHogDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("PostHog", PostHogDescriptor.Address, VendorAuth.Bearer(PostHogDescriptor.Token), "detail") { Most = 50 };

    protected override void Check(VendorCall call) => Keys(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync(Keys(call), new JsonObject
        {
            ["label"] = label,
            ["scopes"] = call.List(PostHogDescriptor.Scopes)
                ?? (await call.PreviousAsync(previous, id => VendorPath.Of($"{Keys(call)}{id}/")))?.Copy("scopes")
                ?? throw call.NotSaid(PostHogDescriptor.Scopes),
        });
        return new(made.Text("id"), made.Secret("value"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"{Keys(call)}?limit=100",
        page => page.Items("results").Select(key =>
            new Listed(key.Text("id"), key.Maybe("label"), key.Time("created_at"), key.Time("last_used_at"))),
        page => call.Link(page.Maybe("next")));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get($"api/projects/{call.Text(PostHogDescriptor.Project)}/feature_flags/?limit=1").Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}{id}/");

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"api/projects/{call.Text(PostHogDescriptor.Project)}/project_secret_api_keys/");
}
