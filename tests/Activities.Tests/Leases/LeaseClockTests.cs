using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>A clock that is wrong for a while: what was reckoned by it is asked about again.</summary>
public sealed class LeaseClockTests
{
    /// <summary>Renewed while the clock was ahead, a lease ends sooner than is on record by as much.</summary>
    [Fact]
    public async Task A_lease_outlives_a_clock_that_was_ahead_and_is_set_right()
    {
        LeaseRig? rig = null;
        var ahead = TimeSpan.Zero;
        var vault = new ModelVault(() => rig is null ? default : rig.Now - ahead) { Most = TimeSpan.FromDays(30) };
        var policy = new Policy
        {
            Name = "app", Strategy = Strategy.Leased, Provider = ModelVaultProvider.Binding, Grace = TimeSpan.FromMinutes(10),
            Targets = [new TargetBinding("env", new ProviderBinding("target", new JsonObject()), 0, TimeSpan.FromMinutes(5))],
        };
        using var head = rig = new LeaseRig(policy, providers: () => new ModelVaultProvider(vault));
        await rig.AdoptAsync();
        await rig.RotateAsync();
        await rig.RunForAsync(TimeSpan.FromMinutes(20));
        var taken = rig.World.Target;
        Assert.True(vault.Works(taken));

        SetAhead(TimeSpan.FromMinutes(40));
        await rig.RunForAsync(TimeSpan.FromMinutes(1));
        SetAhead(TimeSpan.Zero);
        rig.After = () => Assert.True(vault.Works(taken));
        await rig.RunForAsync(TimeSpan.FromHours(4));

        Assert.DoesNotContain("lease.ended", await rig.ActionsAsync());

        void SetAhead(TimeSpan by)
        {
            var jump = by - ahead;
            ahead = vault.Ahead = by;
            head.Time.Jump(head.Now + jump);
        }
    }
}
