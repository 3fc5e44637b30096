using System.Security.Cryptography;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal sealed class SnowflakeKeyProvider(VendorAccess access) : KeyVendor(SnowflakeKeyDescriptor.Instance, access)
{
    private const int KeyBits = 2048;
    private static readonly string[] Places = ["RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"];

    /// <summary>Makes a pair, which takes a while: tests have some ready.</summary>
    internal Func<RSA> NewPair { private get; set; } = () => RSA.Create(KeyBits);

    protected override VendorApi Api { get; } =
        new("Snowflake", SnowflakeTokenDescriptor.Address, VendorAuth.Exchanged(SnowflakeSql.LogInAsync), "message")
        {
            Minted = VendorAuth.Written("", ShowAsync) with { TakesAnyText = true },
            Most = 2,
        };

    protected override void Check(VendorCall call) =>
        _ = (call.Text(SnowflakeTokenDescriptor.Account), User(call), call.Text(SnowflakeTokenDescriptor.Login));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var held = await HeldAsync(call);
        var empty = Places.FirstOrDefault(place => !held.ContainsKey(place))
            ?? throw call.Rejected(
                $"Both places of the user {User(call)} hold keys. Take one away by hand: the one that nobody uses.");
        using var pair = NewPair();
        var half = Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo());
        await SnowflakeSql.RunAsync(call, $"ALTER USER {User(call)} SET {empty} = {SnowflakeSql.Text(half)}");
        return new(SnowflakeSql.Fingerprint(pair), call.Register(SecretValue.FromText(pair.ExportPkcs8PrivateKeyPem())));
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var fingerprint in (await HeldAsync(call)).Values)
        {
            yield return new(fingerprint, null);
        }
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => SnowflakeSql.WhoAmI();

    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        var place = (await HeldAsync(call)).FirstOrDefault(held => held.Value == id).Key ?? throw call.Missing(id);
        await SnowflakeSql.RunAsync(call, $"ALTER USER {User(call)} UNSET {place}");
    }

    /// <summary>The places that hold a key, with its fingerprint.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> HeldAsync(VendorCall call)
    {
        var rows = SnowflakeSql.Rows(await SnowflakeSql.AskAsync(call, $"DESCRIBE USER {User(call)}")).ToList();
        return Places
            .Select(place => (place, rows.FirstOrDefault(row => row("property") == $"{place}_FP")?.Invoke("value")))
            .Where(held => held.Item2 is not (null or "" or "null"))
            .ToDictionary(held => held.place, held => held.Item2!, StringComparer.Ordinal);
    }

    /// <summary>A private key that is none shows nothing, and is refused.</summary>
    private static Task<IReadOnlyList<(string Name, string Value)>> ShowAsync(VendorCall call, WebRequest request, string value)
    {
        using var key = SignedToken.Key(value);
        using var bearer = key is null ? null : SnowflakeSql.Bearer(call, call.Text(SnowflakeTokenDescriptor.User), key);
        return Task.FromResult<IReadOnlyList<(string, string)>>(
            bearer is null ? [] : [("Authorization", $"Bearer {bearer.RevealText()}")]);
    }

    private static string User(VendorCall call) => SnowflakeSql.Name(call.Text(SnowflakeTokenDescriptor.User));
}
