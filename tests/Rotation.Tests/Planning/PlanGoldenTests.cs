using System.Runtime.CompilerServices;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>
/// The plans as people read them. A difference is a change of behaviour: look at it, then run the tests once with
/// ROTUNDA_WRITE_GOLDEN=1 to accept it.
/// </summary>
public sealed class PlanGoldenTests
{
    [Theory]
    [InlineData("overlap", Strategy.Overlap, "keys", RotationTrigger.Schedule)]
    [InlineData("overlap-by-hand", Strategy.Overlap, "legacy-keys", RotationTrigger.Manual)]
    [InlineData("supplied", Strategy.Supplied, "supplied", RotationTrigger.Schedule)]
    [InlineData("supplied-emergency", Strategy.Supplied, "supplied-revoked", RotationTrigger.Emergency)]
    [InlineData("leased", Strategy.Leased, "leases", RotationTrigger.Schedule)]
    [InlineData("leased-emergency", Strategy.Leased, "leases", RotationTrigger.Emergency)]
    [InlineData("overlap-emergency", Strategy.Overlap, "keys", RotationTrigger.Emergency)]
    [InlineData("alternate", Strategy.Alternate, "postgres", RotationTrigger.Schedule)]
    [InlineData("in-place", Strategy.InPlace, "postgres", RotationTrigger.Schedule)]
    [InlineData("dual-key", Strategy.DualKey, "generated", RotationTrigger.Schedule)]
    [InlineData("re-encrypt", Strategy.ReEncrypt, "rows", RotationTrigger.Manual)]
    [InlineData("re-encrypt-emergency", Strategy.ReEncrypt, "rows", RotationTrigger.Emergency)]
    public void A_plan_reads_as_recorded(string name, Strategy strategy, string provider, RotationTrigger trigger)
    {
        var request =
            Samples.By(trigger, revokeFirst: trigger == RotationTrigger.Emergency, supersedes: trigger == RotationTrigger.Emergency);
        Check(name, PlanText.Render(Samples.Plan(PlanCases.Guarded(strategy, provider), request: request)));
    }

    [Theory]
    [InlineData("alternate-taking-over", Strategy.Alternate, "postgres")]
    [InlineData("in-place-taking-over", Strategy.InPlace, "postgres")]
    [InlineData("dual-key-taking-over", Strategy.DualKey, "generated")]
    [InlineData("re-encrypt-taking-over", Strategy.ReEncrypt, "rows")]
    public void A_plan_that_takes_over_reads_as_recorded(string name, Strategy strategy, string provider)
    {
        var snapshot = Samples.Snapshot(
            Samples.Credential(CredentialState.Active),
            Samples.Credential(CredentialState.Pending, "app_b", 2, providerId: null));
        Check(
            name,
            PlanText.Render(
                Samples.Plan(Samples.Policy(strategy, provider), snapshot, Samples.By(RotationTrigger.Emergency, supersedes: true))));
    }

    [Fact]
    public void An_offline_plan_reads_as_recorded() =>
        Check("re-encrypt-offline", PlanText.Render(Samples.Plan(PlanCases.Offline(PlanCases.Guarded(Strategy.ReEncrypt, "rows")))));

    [Fact]
    public void A_plan_that_delivers_the_value_in_use_again_reads_as_recorded() => Check(
        "deliver",
        PlanText.Render(
            Samples.Plan(
                PlanCases.Guarded(Strategy.Alternate, "postgres", ApprovalMoment.Start),
                Drifted,
                Samples.By(RotationTrigger.Manual) with { Instead = Strategy.Deliver })));

    [Theory]
    [InlineData("deliver-takes-over", Strategy.Alternate, "postgres")]
    [InlineData("deliver-takes-over-dual-key", Strategy.DualKey, "generated")]
    public void A_deliver_run_that_takes_over_reads_as_recorded(string name, Strategy strategy, string provider) =>
        Check(name, PlanText.Render(PlanCases.TakenOver(strategy, provider).Plan));

    [Theory]
    [InlineData("retire", Strategy.Alternate, "postgres")]
    [InlineData("retire-by-hand", Strategy.Overlap, "legacy-keys")]
    public void A_plan_that_retires_a_secret_reads_as_recorded(string name, Strategy strategy, string provider) => Check(
        name,
        PlanText.Render(
            Samples.Plan(
                PlanCases.Guarded(strategy, provider) with { Targets = [.. Samples.Policy(strategy, provider).Targets, PlanCases.Remote] },
                Samples.Known,
                Samples.By(RotationTrigger.Manual) with { Instead = Strategy.Retire })));

    [Theory]
    [InlineData("drifted", OnDrift.Stop)]
    [InlineData("drifted-overwrite", OnDrift.Overwrite)]
    public void A_plan_tells_the_drift_that_is_known(string name, OnDrift policy) => Check(
        name,
        string.Join('\n', Samples.Plan(Samples.Policy(Strategy.Alternate, "postgres") with { OnDrift = policy }, Drifted).Warnings));

    private static SecretSnapshot Drifted => Samples.Known with
    {
        Drift = new DriftReport(
            Samples.Now,
            [
                new DriftFinding(
                    Samples.Policy(Strategy.Alternate, "postgres").Targets[0].Name, Standing.Differs, "It holds something else.",
                    Samples.Now.AddHours(-2)),
                new DriftFinding(DriftFinding.AtProvider, Standing.Differs, "28P01: no.", Samples.Now.AddHours(-1)),
            ]),
    };

    private static void Check(string name, string text)
    {
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("ROTUNDA_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), text);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
