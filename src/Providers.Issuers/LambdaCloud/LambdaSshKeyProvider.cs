using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Ssh;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LambdaCloud;

internal sealed class LambdaSshKeyProvider(VendorAccess access) : KeyVendor(LambdaSshKeyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Lambda", LambdaSshKeyDescriptor.Address, VendorAuth.Bearer(LambdaSshKeyDescriptor.Token)) { PerMinute = 60 };

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = (await call.PostAsync($"ssh-keys", new JsonObject { ["name"] = label })).At("data");
        return new(made.Text("id"), made.Secret("private_key"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"ssh-keys",
        page => page.Items("data").Select(key => new Listed(key.Text("id"), key.Maybe("name"))));

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value) =>
        OpenSshKey.PublicOf(value) is { } half
        && (await call.GetAsync($"ssh-keys")).Items("data").Any(key => half.IsIn(key.Text("public_key")))
            ? Validity.Valid
            : Validity.Invalid;

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"ssh-keys/{id}");
}
