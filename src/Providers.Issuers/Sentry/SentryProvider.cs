using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Sentry;

internal sealed class SentryProvider(VendorAccess access) : KeyVendor(SentryDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Sentry", SentryDescriptor.Address, VendorAuth.Bearer(SentryDescriptor.Token), "detail");

    protected override void Check(VendorCall call) => Keys(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = await call.PostAsync(Keys(call), new JsonObject
        {
            ["name"] = label,
            ["rateLimit"] = (await call.PreviousAsync(previous, id => VendorPath.Of($"{Keys(call)}{id}/")))?.Copy("rateLimit"),
        });
        return new(made.Text("id"), made.At("dsn").Secret("public"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Keys(call),
        page => page.Items().Select(key => new Listed(key.Text("id"), key.Maybe("name"), key.Time("dateCreated"))),
        page => page.Next());

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value)
    {
        var dsn = value.RevealText().Trim();
        return Uri.TryCreate(dsn, UriKind.Absolute, out var address) && address.UserInfo is { Length: > 0 } key
            ? await LookAsync(call, key, $"{Keys(call)}{key}/", found => found.Flag("isActive") && found.At("dsn").Text("public") == dsn)
            : Validity.Invalid;
    }

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Keys(call)}{id}/");

    private static VendorPath Keys(VendorCall call) =>
        VendorPath.Of($"api/0/projects/{call.Text(SentryDescriptor.Organization)}/{call.Text(SentryDescriptor.Project)}/keys/");
}
