using System.Text.Json;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// A value that a person gives. Wherever the server dies, between the value's arrival and its record too, the same value given again is
/// enough, and the one that is delivered is the one that was given to that rotation.
/// </summary>
public sealed class KillMatrixSuppliedTests(ITestOutputHelper output) : KillMatrix(output)
{
    private int _rotations;

    protected override string Secret => "payroll-key";

    /// <summary>A person's look costs time in each.</summary>
    protected override int Stride => 14;

    [Fact]
    public async Task Every_kill_ends_well()
    {
        await RunAsync();
        Assert.True(_rotations > 2, $"{_rotations} rotations.");
    }

    protected override Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder) =>
        Task.FromResult<(string, Dictionary<string, string?>)>(($$"""
            version: 1
            secrets:
              payroll-key:
                strategy: supplied
                provider: { type: manual }
                grace: 0s
                retry: { attempts: 10, first: 1s, max: 1s }
                ask: { create: an API key, value: { prefix: given- } }
                targets:
                  file: { type: file, path: {{Path.Combine(folder, "key")}}, template: "{salt} {value}" }
            """, []));

    private protected override IAsyncDisposable? Accompany(ServerProcess server) => new Giver(server, Secret);

    protected override void Begin() => _rotations++;

    protected override Task CheckOutsideAsync(string folder, JsonElement active)
    {
        var parts = File.ReadAllText(Path.Combine(folder, "key")).Trim().Split(' ');
        Assert.Matches("^given-to-payroll-key-[0-9]+-6f1d2c9ab374e805$", parts[1]);
        Assert.Equal(active.GetProperty("fingerprint").GetString(), FingerprintOf(parts[1], parts[0]));
        return Task.CompletedTask;
    }
}
