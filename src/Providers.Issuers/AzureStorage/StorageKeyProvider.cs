using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.AzureStorage;

internal sealed class StorageKeyProvider(VendorAccess access) : KeyVendor(StorageKeyDescriptor.Instance, access)
{
    private const string Scope = "https://management.azure.com/.default";
    private const string Version = "2021-12-02";
    private static readonly string[] Places = ["key1", "key2"];

    protected override VendorApi Api { get; } =
        new("Azure", StorageKeyDescriptor.Address, MicrosoftLogin.For(Scope), "message", "error_description")
        {
            Minted = VendorAuth.Written("", ShowAsync),
        };

    protected override void Check(VendorCall call) => _ = (Account(call), call.Text(MicrosoftLogin.Tenant));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var idle = await IdleAsync(call, (await KeysAsync(call)).Items("keys"), previous);
        var made = await call.PostAsync($"{Account(call)}/regenerateKey?api-version=2024-01-01", new() { ["keyName"] = idle });
        var key = made.Items("keys").FirstOrDefault(key => key.Text("keyName") == idle)
            ?? throw call.Failure(StepOutcome.Unknown($"Azure made {idle} anew, but did not show it."));
        return new(Id(key), key.Secret("value"));
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var key in (await KeysAsync(call)).Items("keys"))
        {
            yield return new(Id(key), null, key.Time("creationTime"));
        }
    }

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Get(call.Elsewhere(StorageKeyDescriptor.BlobUrl, StorageKeyDescriptor.BlobAddress, $"?comp=list&maxresults=1"))
            .Means(valid: [200], invalid: [], reply => reply.Header("x-ms-error-code") == "AuthenticationFailed" ? Validity.Invalid : null);

    /// <summary>Only while what stands in its place is still it.</summary>
    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        var key = (await KeysAsync(call)).Items("keys").FirstOrDefault(key => Id(key) == id || key.Text("keyName") == id)
            ?? throw call.Missing(id);
        await call.PostAsync($"{Account(call)}/regenerateKey?api-version=2024-01-01", new() { ["keyName"] = key.Text("keyName") });
    }

    /// <summary>What is in use is told by its value before its id: somebody may have changed places by hand.</summary>
    private static async Task<string> IdleAsync(VendorCall call, IReadOnlyList<VendorReply> keys, string? previous)
    {
        using var value = await call.InUseAsync();
        var used = keys.FirstOrDefault(key => value is not null && key.Text("value") == value.RevealText().Trim())?.Text("keyName")
            ?? Place(previous);
        return Places.FirstOrDefault(place => used is not null && place != used)
            ?? Place(call.Asked?.Ended?.Id)
            ?? throw call.Rejected(
                "Nothing tells which of 'key1' and 'key2' is in use. Say so in the catalog (current: { id: key1 }), or "
                    + "give its value there.");
    }

    private static string? Place(string? id) => id?.Split('@')[0] is { } place && Places.Contains(place) ? place : null;

    private static string Id(VendorReply key) => $"{key.Text("keyName")}@{key.Maybe("creationTime")}".TrimEnd('@');

    private static Task<VendorReply> KeysAsync(VendorCall call) =>
        call.AskAsync($"{Account(call)}/listKeys?api-version=2024-01-01");

    /// <summary>A signature of the one request by which keys are tried. A key that is none signs nothing, and is refused.</summary>
    private static Task<IReadOnlyList<(string Name, string Value)>> ShowAsync(VendorCall call, WebRequest request, string value)
    {
        var account = call.Text(StorageKeyDescriptor.Account);
        var date = call.Now.ToString("R", CultureInfo.InvariantCulture);
        var signed = $"GET{new string('\n', 12)}x-ms-date:{date}\nx-ms-version:{Version}\n"
            + $"/{account}{request.Address.AbsolutePath}\ncomp:list\nmaxresults:1";
        var key = new byte[value.Length];
        var shown = Convert.TryFromBase64String(value, key, out var length)
            ? $"SharedKey {account}:{Convert.ToBase64String(HMACSHA256.HashData(key.AsSpan(0, length), Encoding.UTF8.GetBytes(signed)))}"
            : $"SharedKey {account}:none";
        CryptographicOperations.ZeroMemory(key);
        return Task.FromResult<IReadOnlyList<(string, string)>>(
            [("x-ms-date", date), ("x-ms-version", Version), ("Authorization", shown)]);
    }

    private static VendorPath Account(VendorCall call)
    {
        var (subscription, group) = (call.Text(StorageKeyDescriptor.Subscription), call.Text(StorageKeyDescriptor.ResourceGroup));
        var account = call.Text(StorageKeyDescriptor.Account);
        return VendorPath.Of(
            $"subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}");
    }
}
