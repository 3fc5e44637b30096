using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>
/// Months of leases that live for an hour, and for a day at most, with faults drawn from a seed: Vault is sealed for up to hours, answers
/// are lost, the process dies between any two commits and around any call. What stands at the target logs in at every moment, except where
/// Vault was sealed past the lease's end; and that is on record, and mended once it is back. A year with ROTUNDA_LEASE_DAYS=365, more of
/// them with ROTUNDA_LEASE_SEEDS=8.
/// </summary>
public sealed class LeaseYearTests
{
    /// <summary>From when Vault answers again until the next lease stands at the target: the sweep's pause, and a rotation.</summary>
    private static readonly TimeSpan Mended = TimeSpan.FromMinutes(15);

    public static TheoryData<int> Seeds() =>
        [.. Enumerable.Range(1, Told("ROTUNDA_LEASE_SEEDS", 1))];

    private static int Told(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Consumers_always_hold_a_lease_that_lives(int seed)
    {
        var (dice, days) = (new Random(seed), Told("ROTUNDA_LEASE_DAYS", 20));
        DateTimeOffset now = default;
        var vault = new ModelVault(() => now);
        using var rig = new LeaseRig(
            new Policy
            {
                Name = "app", Strategy = Strategy.Leased, Provider = ModelVaultProvider.Binding, Grace = TimeSpan.FromMinutes(10),
                Targets = [new TargetBinding("env", new ProviderBinding("target", new JsonObject()), 0, TimeSpan.FromMinutes(5))],
            },
            providers: () => new ModelVaultProvider(vault));
        var (sealedSince, openSince, dark, longest) = ((DateTimeOffset?)null, rig.Now, (DateTimeOffset?)null, TimeSpan.Zero);
        var (outages, locked) = (0, 0);
        rig.After = () =>
        {
            now = rig.Now;
            if (rig.World.Target is null || vault.Works(rig.World.Target))
            {
                dark = null;
                return;
            }

            locked += dark is null ? 1 : 0;
            dark ??= now;
            var since = now - openSince;
            longest = !vault.Sealed && since > longest ? since : longest;
            Assert.True(
                vault.Sealed || since <= Mended,
                $"Seed {seed}: at {now:u} the target holds a dead lease, and Vault answers since {since}. "
                    + $"{string.Join("; ", rig.Ended.TakeLast(3))}");
            Assert.True(sealedSince is not null, $"Seed {seed}: at {now:u} the target holds a dead lease, and Vault was never sealed.");
        };
        rig.After();
        await rig.AdoptAsync();
        await rig.RotateAsync();
        await rig.RunForAsync(TimeSpan.FromHours(1));
        Assert.NotNull(rig.World.Target);

        vault.LosesAnswer = () => dice.NextDouble() < 0.01;
        rig.Crashes.Handler = point =>
        {
            if (dice.NextDouble() < 0.0005)
            {
                throw new SimulatedCrashException(point);
            }
        };
        for (var end = rig.Now.AddDays(days); rig.Now < end;)
        {
            await rig.RunForAsync(TimeSpan.FromHours(24 * 7 * dice.NextDouble()));
            (vault.Sealed, sealedSince) = (true, rig.Now);
            outages++;
            await rig.RunForAsync(TimeSpan.FromMinutes(dice.Next(1, 120)));
            (vault.Sealed, openSince) = (false, rig.Now);
            await rig.RunForAsync(TimeSpan.FromMinutes(30));
            Assert.True(vault.Works(rig.World.Target), $"Seed {seed}: half an hour after Vault is back nothing lives.");
        }

        rig.Crashes.Handler = null;
        vault.LosesAnswer = () => false;
        await rig.RunForAsync(TimeSpan.FromHours(26));
        var (actions, all) = (await rig.ActionsAsync(), await rig.Ledger.ListCredentialsAsync("app", default));
        Assert.True(vault.Renewals > days * 15 && vault.Taken > days, $"{vault.Renewals} renewals, {vault.Taken} leases");
        Assert.True(rig.Restarts > days / 20 && outages > days / 10, $"{rig.Restarts} restarts, {outages} outages");
        // Some outages ended leases, and each of those is on record.
        Assert.True(locked > 0 && actions.Count(action => action == "lease.ended") >= locked, $"{locked} times dark");
        // Nothing is lost: what lives at Vault is on record as live, and what is an orphan has ended and is closed.
        var live = vault.Leases.Values.Where(lease => lease.EndsAt > rig.Now).Select(lease => lease.Id).ToList();
        Assert.All(live, id => Assert.Contains(all, one => one.ProviderCredentialId == id && one.MayBeLive));
        Assert.DoesNotContain(all, one => one.State == CredentialState.Orphan);
        Assert.True((await rig.Ledger.VerifyAuditAsync(default)).Intact);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{vault.Taken} leases, {vault.Renewals} renewals, {outages} outages, {locked} times dark, {rig.Restarts} restarts, "
                + $"{rig.Ended.Count(end => end.State != RotationState.Succeeded)} of {rig.Ended.Count} rotations failed, "
                + $"mended within {longest}");
    }
}
