using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.AwsIam;

internal sealed class AwsAccessKeyProvider(VendorAccess access) : KeyVendor(AwsAccessKeyDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new(
        "AWS",
        AwsAccessKeyDescriptor.Address,
        AwsAuth.Own(AwsAccessKeyDescriptor.AccessKeyId, AwsAccessKeyDescriptor.SecretAccessKey, "iam", Region))
    {
        Headers = [],
        Minted = AwsAuth.Pair("sts", Region),
        Most = 2,
        IsBusy = refusal => refusal.Status == 400 && refusal.Has("Error") && refusal.At("Error").Maybe("Code") is "Throttling",
    };

    protected override void Check(VendorCall call) =>
        _ = (call.Text(AwsAccessKeyDescriptor.User), call.Text(AwsAccessKeyDescriptor.AccessKeyId));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var made = (await call.PostFormAsync($"", Action(call, "CreateAccessKey"))).At("CreateAccessKeyResult").At("AccessKey");
        return new(made.Text("AccessKeyId"), made.Secret("SecretAccessKey"));
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        var list = (await call.AskFormAsync($"", Action(call, "ListAccessKeys"))).At("ListAccessKeysResult");
        foreach (var key in list.Items("AccessKeyMetadata"))
        {
            var id = key.Text("AccessKeyId");
            var used = (await call.AskFormAsync($"", Action(call, "GetAccessKeyLastUsed", id, withUser: false)))
                .At("GetAccessKeyLastUsedResult").At("AccessKeyLastUsed");
            yield return new(id, null, key.Time("CreateDate"), used.Time("LastUsedDate"));
        }
    }

    /// <summary>Every key may ask whose it is.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe
        .Form(
            call.Elsewhere(AwsAccessKeyDescriptor.StsUrl, AwsAccessKeyDescriptor.StsAddress, $""),
            new JsonObject { ["Action"] = "GetCallerIdentity", ["Version"] = "2011-06-15" })
        .Means(valid: [200], invalid: [], reply => reply.Status != 403 || !reply.Has("Error") ? null
            : reply.At("Error").Maybe("Code") is "InvalidClientTokenId" or "SignatureDoesNotMatch" ? Validity.Invalid
            : null);

    protected override async Task DeleteAsync(VendorCall call, string id) =>
        await call.PostFormAsync($"", Action(call, "DeleteAccessKey", id));

    private static JsonObject Action(VendorCall call, string action, string? key = null, bool withUser = true) => new()
    {
        ["Action"] = action,
        ["Version"] = "2010-05-08",
        ["UserName"] = withUser ? call.Text(AwsAccessKeyDescriptor.User) : null,
        ["AccessKeyId"] = key,
    };

    private static string Region(VendorCall call) => call.Maybe(AwsAccessKeyDescriptor.Region) ?? AwsAccessKeyDescriptor.UsualRegion;
}
