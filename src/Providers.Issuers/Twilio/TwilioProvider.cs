using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Twilio;

internal sealed class TwilioProvider(VendorAccess access) : KeyVendor(TwilioDescriptor.Instance, access)
{
    private const string UnknownKey = "20003";
    private const string MayNot = "70051";

    protected override VendorApi Api { get; } =
        new("Twilio", TwilioDescriptor.Address, VendorAuth.Basic(TwilioDescriptor.User, TwilioDescriptor.Token), "message")
        {
            Minted = VendorAuth.Pair,
        };

    protected override void Check(VendorCall call) => _ = (call.Text(TwilioDescriptor.Account), call.Text(TwilioDescriptor.User));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var policy = (await call.PreviousAsync(previous, id => VendorPath.Of($"v1/Keys/{id}")))?.Copy("policy");
        var made = await call.PostFormAsync($"v1/Keys", new JsonObject
        {
            ["AccountSid"] = call.Text(TwilioDescriptor.Account),
            ["FriendlyName"] = label,
            ["KeyType"] = policy is null ? null : "restricted",
            ["Policy"] = policy,
        });
        return new(made.Text("sid"), made.Secret("secret"));
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        $"v1/Keys?AccountSid={call.Text(TwilioDescriptor.Account)}&PageSize=100",
        page => page.Items("keys").Select(key => new Listed(key.Text("sid"), key.Maybe("friendly_name"), key.Time("date_created"))),
        page => call.Link(page.At("meta").Maybe("next_page_url")));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe
        .Get(call.Elsewhere(
            TwilioDescriptor.ApiUrl,
            TwilioDescriptor.ApiAddress,
            $"2010-04-01/Accounts/{call.Text(TwilioDescriptor.Account)}/Messages.json?PageSize=1"))
        .Means(valid: [200, 403], invalid: [], reply => reply.Maybe("code") switch
        {
            UnknownKey => Validity.Invalid,
            MayNot => Validity.Valid,
            _ => null,
        });

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"v1/Keys/{id}");
}
