using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>A catalog may be edited while a lease is in use: it is renewed where it was taken until something ends it.</summary>
public sealed class LeaseEditTests
{
    [Theory]
    [InlineData("another strategy")]
    [InlineData("another system")]
    [InlineData("gone")]
    public async Task A_lease_is_renewed_where_it_was_taken(string edit)
    {
        DateTimeOffset now = default;
        var vault = new ModelVault(() => now);
        var policy = new Policy
        {
            Name = "app", Strategy = Strategy.Leased, Provider = ModelVaultProvider.Binding, Grace = TimeSpan.FromMinutes(10),
            Targets = [new TargetBinding("env", new ProviderBinding("target", new JsonObject()), 0, TimeSpan.FromMinutes(5))],
        };
        using var rig = new LeaseRig(policy, providers: () => new ModelVaultProvider(vault));
        rig.After = () => now = rig.Now;
        rig.After();
        await rig.AdoptAsync();
        await rig.RotateAsync();
        await rig.RunForAsync(TimeSpan.FromMinutes(20));
        var taken = rig.World.Target;
        Assert.True(vault.Works(taken));

        var elsewhere = new ProviderBinding("target", new JsonObject { ["path"] = "elsewhere" });
        rig.InForce.Catalog = new(
            edit switch
            {
                "another strategy" => new() { ["app"] = policy with { Strategy = Strategy.Overlap } },
                "another system" => new() { ["app"] = policy with { Provider = elsewhere } },
                _ => new Dictionary<string, Policy>(),
            },
            "edited", rig.FolderPath);
        await rig.RunForAsync(TimeSpan.FromHours(6));

        Assert.Equal(taken, rig.World.Target);
        Assert.True(vault.Works(taken));
        Assert.DoesNotContain("lease.ended", await rig.ActionsAsync());
    }
}
