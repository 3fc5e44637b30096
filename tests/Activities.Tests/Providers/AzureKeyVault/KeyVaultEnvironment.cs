using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.AzureKeyVault;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.AzureKeyVault;

internal sealed class KeyVaultEnvironment : VendorEnvironment
{
    private readonly HttpClient _http;

    private KeyVaultEnvironment(FakeVendor vendor)
        : base(vendor)
    {
        Fake = new KeyVaultFake(vendor);
        _http = Trusting(vendor.AuthorityFile!);
        Provider = new KeyVaultProvider(Clients());
        Reset();
    }

    public KeyVaultFake Fake { get; }

    public FakeTokens Tokens { get; } = new();

    public override IProvider Provider { get; }

    /// <summary>One value only: a secret has no keys.</summary>
    public override bool TakesSecondary => false;

    public override JsonObject Settings => With();

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a vault that is not there", With(("vault", "https://127.0.0.1:1"))),
        ("an address without https", With(("vault", "http://team.vault.azure.net"))),
        ("a name that cannot be", With(("secret", "shop_key"))),
        ("no name", With(("secret", null))),
        ("an unknown placeholder", With(("template", "{nothing}"))),
    ];

    public static async Task<KeyVaultEnvironment> StartAsync() => new(await FakeVendor.StartAsync(https: true));

    /// <param name="verify">Keeps the SDK's check that a challenge is of the vault's own domain, which the fake's address fails.</param>
    public KeyVaultClients Clients(bool verify = false) => new(_ => Tokens, options =>
    {
        options.Transport = new HttpClientTransport(_http);
        options.DisableChallengeResourceVerification = !verify;
    });

    public override void Reset()
    {
        Fake.Reset();
        var before = Fake.Put("shop-key", "before", new JsonObject { ["team"] = "shop" }, "text/plain");
        before.Expires = 1999999999;
    }

    /// <summary>What readers get of each, and which of Rotunda's own versions can be read.</summary>
    public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', Fake.Secrets.Select(pair =>
        $"{pair.Key} {Shown(Fake.Reader(pair.Key))} {OwnVersions(pair.Key, pair.Value)}")
        .Where(line => !line.EndsWith(" - ", StringComparison.Ordinal))));

    public JsonObject With(params (string Name, JsonNode? Value)[] changes)
    {
        var settings =
            new JsonObject { ["vault"] = Vendor.Address, ["prefix"] = "rotunda-", ["secret"] = "shop-key", ["template"] = "key:{value}" };
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings;
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await base.DisposeAsync();
    }

    private static string Shown(StoredVersion? version)
    {
        if (version is null)
        {
            return "-";
        }

        var expires = version.Expires is 1999999999 ? "as before" : version.Expires is null ? "" : "later";
        var tags = (version.Tags ?? []).Where(t => t.Key is not "rotunda-version")
            .OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => $"{t.Key}={t.Value}");
        return $"{version.Value} {version.ContentType} {expires} {string.Join(',', tags)}";
    }

    private static string OwnVersions(string name, IEnumerable<StoredVersion> versions) =>
        name.EndsWith("-pending", StringComparison.Ordinal) ? string.Join(',', versions.Select(v => $"{v.Value}:{v.Enabled}")) : "";

    private static HttpClient Trusting(string authorityFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }
}
