using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

internal sealed class ServiceAccountProvider(VendorAccess access) : KeyVendor(ServiceAccountDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Pinecone", PineconeDescriptor.Address, PineconeLogin.Own, "message", "error_description")
        {
            Headers = PineconeLogin.Headers,
            Minted = VendorAuth.None,
        };

    protected override void Check(VendorCall call) => _ = (Account(call), call.Text(PineconeDescriptor.ClientId));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        await TryOwnAsync(call);
        var made = await call.PostAsync($"{Account(call)}/rotate-secret");
        return new(made.At("service_account").Text("id"), made.Secret("client_secret"));
    }

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value)
    {
        var client = (await call.GetAsync(Account(call))).Text("client_id");
        return await call.AskAsync(Probe.Post(PineconeLogin.Path(call), PineconeLogin.Body(client, value)), value);
    }

    /// <summary>Rotunda must not end the secret by which it logs in.</summary>
    protected override async Task TryOwnAsync(VendorCall call)
    {
        if ((await call.GetAsync(Account(call))).Text("client_id") == call.Text(PineconeDescriptor.ClientId))
        {
            throw call.Rejected("'account' is the service account as which Rotunda logs in. Give it another one to log in as.");
        }
    }

    private static VendorPath Account(VendorCall call) =>
        VendorPath.Of($"admin/service-accounts/{call.Text(ServiceAccountDescriptor.Account)}");
}
