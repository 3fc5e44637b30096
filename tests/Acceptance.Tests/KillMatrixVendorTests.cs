using System.Text.Json;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.Pulumi;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// Overlap at a vendor that issues keys. In each rotation the answer to the first mint is lost, after the vendor has made the key: it has
/// to be found by its label and revoked, wherever the server dies on the way.
/// </summary>
public sealed class KillMatrixVendorTests(ITestOutputHelper output) : KillMatrix(output), IAsyncDisposable
{
    private const string OldToken = "pul-0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld";
    private FakeVendor? _vendor;
    private FakePulumiTokens? _tokens;
    private int _begun;

    protected override string Secret => "pulumi-token";

    /// <summary>It has four times as many points as others: the lost key is looked for and settled, too.</summary>
    protected override int Stride => 21;

    [Fact]
    public async Task Every_kill_ends_well()
    {
        await RunAsync();
        var mints = _vendor!.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal));
        Assert.True(mints > 2 * _begun, $"{mints} mints in {_begun} rotations: no answer was lost.");
    }

    protected override async Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder)
    {
        _vendor = await FakeVendor.StartAsync();
        _tokens = new FakePulumiTokens(_vendor);
        var old = _tokens.Stand("/api/orgs/acme/tokens", OldToken);
        return ($$"""
            version: 1
            secrets:
              pulumi-token:
                provider: { type: pulumi-token, organization: acme, token: env:PULUMI_ADMIN_TOKEN, url: "{{_vendor.Address}}" }
                grace: 0s
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { id: {{old.Id}}, value: env:PULUMI_TOKEN }
                targets:
                  file: { type: file, path: {{Path.Combine(folder, "token")}}, template: "{salt} {value}" }
            """, new Dictionary<string, string?>
        {
            ["PULUMI_ADMIN_TOKEN"] = FakePulumiTokens.AdminToken,
            ["PULUMI_TOKEN"] = OldToken,
        });
    }

    protected override void Begin()
    {
        _begun++;
        _vendor!.FailNext("POST", new FakeFault(FakeFaultKind.LoseReply));
    }

    protected override Task CheckOutsideAsync(string folder, JsonElement active)
    {
        _vendor!.AssertClean();
        var live = Assert.Single(_tokens!.Live);
        Assert.Equal(active.GetProperty("providerCredentialId").GetString(), live.Id);
        var parts = File.ReadAllText(Path.Combine(folder, "token")).Trim().Split(' ');
        Assert.Equal((live.Value, active.GetProperty("fingerprint").GetString()), (parts[1], FingerprintOf(parts[1], parts[0])));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_vendor is { } vendor)
        {
            await vendor.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
