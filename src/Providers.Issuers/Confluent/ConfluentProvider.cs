using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Confluent;

internal sealed class ConfluentProvider(VendorAccess access) : KeyVendor(ConfluentDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Confluent Cloud", ConfluentDescriptor.Address, VendorAuth.Basic(ConfluentDescriptor.Key, ConfluentDescriptor.Secret))
        {
            Minted = VendorAuth.Pair,
        };

    protected override void Check(VendorCall call)
    {
        _ = (call.Text(ConfluentDescriptor.Owner), call.Text(ConfluentDescriptor.Key));
        if (call.Maybe(ConfluentDescriptor.Resource) is not null)
        {
            _ = call.Text(ConfluentDescriptor.RestUrl);
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var spec = new JsonObject
        {
            ["display_name"] = label,
            ["owner"] = new JsonObject { ["id"] = call.Text(ConfluentDescriptor.Owner) },
        };
        if (call.Maybe(ConfluentDescriptor.Resource) is { } resource)
        {
            spec["resource"] = new JsonObject { ["id"] = resource };
            if (call.Maybe(ConfluentDescriptor.Environment) is { } environment)
            {
                spec["resource"]!["environment"] = environment;
            }
        }

        var made = await call.PostAsync($"iam/v2/api-keys", new JsonObject { ["spec"] = spec });
        return new(made.Text("id"), made.At("spec").Secret("secret"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        call.Maybe(ConfluentDescriptor.Resource) is { } resource
            ? VendorPath.Of($"iam/v2/api-keys?page_size=100&spec.owner={call.Text(ConfluentDescriptor.Owner)}&spec.resource={resource}")
            : VendorPath.Of($"iam/v2/api-keys?page_size=100&spec.owner={call.Text(ConfluentDescriptor.Owner)}"),
        page => page.Items("data").Select(key =>
            new Listed(key.Text("id"), key.At("spec").Maybe("display_name"), key.At("metadata").Time("created_at"))),
        page => call.Link(page.At("metadata").Maybe("next")));

    /// <summary>A key that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => (call.Maybe(ConfluentDescriptor.Resource) is { } cluster
        ? Probe.Get(call.Elsewhere(ConfluentDescriptor.RestUrl, "", $"kafka/v3/clusters/{cluster}"))
        : Probe.Get($"iam/v2/api-keys?page_size=1")).Means(valid: [200, 403], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"iam/v2/api-keys/{id}");
}
