using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Slack;

internal sealed class SlackTokenProvider(VendorAccess access) : KeyVendor(SlackTokenDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } =
        new("Slack", SlackTokenDescriptor.Address, VendorAuth.Nothing, "error") { Minted = VendorAuth.Bearer("") };

    protected override Probe Verify(VendorCall call, SecretValue value) => SlackAnswer.Probe;

    protected override async Task EndAsync(VendorCall call, SecretValue value)
    {
        var fields = new JsonObject { ["token"] = value.RevealText() };
        var reply = await call.PostFormAsync($"auth.revoke", fields, SlackAnswer.Refuses);
        if (reply.Flag("ok") ? !reply.Flag("revoked") : !SlackAnswer.IsDead(reply))
        {
            throw call.Failure(SlackAnswer.Meaning("auth.revoke", reply.Maybe("error"), "the app and its token"));
        }
    }
}
