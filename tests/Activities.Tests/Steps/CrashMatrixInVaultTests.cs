using Rotunda.Activities.Tests.Providers.HashiCorpVault;
using Rotunda.Providers.Stores.HashiCorpVault;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>
/// The crash matrix with the values in a Vault that the plan's stores describe: besides every crash between the steps' calls, every
/// request to the store is lost, or its reply is, and the process is gone right after.
/// </summary>
/// <remarks>By default each second point is visited (<see cref="Visited"/>): the steps' own points are all visited on the embedded
/// store.</remarks>
public sealed class CrashMatrixInVaultTests : IAsyncLifetime
{
    private FakeVendor _vendor = null!;
    private VaultFake _vault = null!;

    /// <summary>Of the last rotation, from its first step to its last.</summary>
    private IReadOnlyList<string> _requests = [];

    public static TheoryData<string> Names() => CrashMatrixTests.Names();

    public async ValueTask InitializeAsync()
    {
        _vendor = await FakeVendor.StartAsync();
        _vault = new VaultFake(_vendor);
    }

    public async ValueTask DisposeAsync()
    {
        _vendor.AssertClean();
        await _vendor.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_crash_anywhere_changes_nothing_in_the_end(string name)
    {
        var (points, expected) = await RunAsync(name);
        Assert.Contains("values kept", expected);
        foreach (var crashAt in Visited.Of(points.Count).Select(index => index + 1))
        {
            var (_, end) = await RunAsync(name, crashAt);
            Assert.True(expected == end, $"Crash {crashAt} at {points[crashAt - 1]}: {end}, expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_request_to_the_store_that_is_lost_or_not_answered_changes_nothing_in_the_end(string name)
    {
        var (_, expected) = await RunAsync(name);
        var requests = _requests;
        foreach (var index in Visited.Of(requests.Count))
        {
            foreach (var kind in new[] { FakeFaultKind.LoseRequest, FakeFaultKind.LoseReply })
            {
                var (_, end) = await RunAsync(name, fault: (index, new FakeFault(kind)));
                Assert.True(expected == end, $"{kind} of {index}, {requests[index]}: {end}, expected {expected}");
            }
        }
    }

    private Task<(List<string> Points, string End)> RunAsync(string name, int crashAt = 0, (int Index, FakeFault Fault)? fault = null)
    {
        _vault.Reset();
        void Begin()
        {
            _vendor.Forget();
            if (fault is var (index, what))
            {
                _vendor.FailAt(index, what);
            }
        }

        void End()
        {
            _requests = [.. _vendor.Requests];
            _vendor.Forget();
        }

        return CrashMatrixTests.RunAsync(name, crashAt, store: Store(), begin: Begin, end: End);
    }

    private StepStore Store() => new(
        "team-vault",
        new ProviderBinding("vault", new() { ["address"] = _vendor.Address, ["mount"] = VaultFake.Mount, ["token"] = "env:VAULT_TOKEN" }),
        () => new VaultProvider(),
        variable => variable == "VAULT_TOKEN" ? VaultFake.Token : null)
    {
        CountKept = secret => _vault.Secrets.Count(pair => pair.Key.StartsWith($"rotunda/{secret}-pending/", StringComparison.Ordinal)
            && !pair.Value.Newest.Destroyed),
    };
}
