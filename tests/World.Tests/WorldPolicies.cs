using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Makes the catalog of a world: every strategy, with approvals, evidence, trials, windows, several targets, consumers.</summary>
internal static class WorldPolicies
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static Unit Make(int number, Luck luck)
    {
        var name = $"unit/{number}";
        var kind = luck.Below(name + "/kind", 20) switch
        {
            < 5 => UnitKind.Keys,
            < 7 => UnitKind.BlindKeys,
            < 11 => UnitKind.Accounts,
            < 13 => UnitKind.Account,
            < 16 => UnitKind.Signing,
            < 18 => UnitKind.Supplied,
            _ => UnitKind.Leases,
        };
        var interval = luck.Between(name + "/interval", 8 * Day, 80 * Day);
        var policy = new Policy
        {
            Name = $"secret-{number:D3}",
            Strategy = StrategyOf(kind),
            Provider = new ProviderBinding(TypeOf(kind), Settings(number)),
            Interval = kind == UnitKind.Leases ? null : interval,
            Value = new ValueRule(ValueFormat.Text, 24, null, Vendors.Canary),
            Grace = kind == UnitKind.Account ? TimeSpan.Zero : luck.Between(name + "/grace", Hour, Hour + interval / 6),
            VerifierCache = kind == UnitKind.Signing ? luck.Between(name + "/cache", TimeSpan.Zero, Hour) : null,
            TokenLifetime = kind == UnitKind.Signing ? luck.Between(name + "/tokens", Hour, Day) : null,
            Approval = kind == UnitKind.Leases || !luck.Is(name + "/approval", 0.25) ? null : Approval(name, luck),
            Evidence = HasEvidence(kind) && luck.Is(name + "/evidence", 0.3)
                ? new EvidencePolicy(
                    luck.Between(name + "/quiet", Hour, Day), 3 * Day,
                    luck.Of(name + "/timeout", EvidenceTimeoutAction.Stuck, EvidenceTimeoutAction.Proceed)) : null,
            DisableFor = kind == UnitKind.Keys && luck.Is(name + "/disable", 0.3) ? luck.Between(name + "/trial", Hour, Day) : null,
            Window = kind != UnitKind.Leases && luck.Is(name + "/window", 0.3)
                ? new RotationWindow([], new TimeOnly(22, 0), new TimeOnly(4, 0)) : null,
            Targets =
            [
                .. Enumerable.Range(1, luck.Below(name + "/targets", 3) + 1)
                    .Select(one => Target(number, one, luck.Below(name + $"/group/{one}", 2))),
            ],
            Consumers = luck.Is(name + "/consumer", 0.5)
                ? [new ConsumerBinding("service", new ProviderBinding(ConsumerProvider.Type, Settings(number)))] : [],
            Current = kind == UnitKind.Leases ? null : new CurrentCredential(
                kind is UnitKind.Accounts or UnitKind.Account ? "a"
                    : kind is UnitKind.Keys or UnitKind.BlindKeys ? $"k{number}-1" : null,
                $"env:FIRST_{number}"),
        };
        return new Unit(number, kind, policy);
    }

    public static TargetBinding Target(int number, int place, int group)
    {
        var settings = Settings(number);
        settings["place"] = $"place-{place}";
        return new TargetBinding($"place-{place}", new ProviderBinding(PlaceProvider.Type, settings), group, TimeSpan.FromMinutes(2));
    }

    public static ApprovalPolicy Approval(string name, Luck luck) => new(
        luck.Of(name + "/moment", ApprovalMoment.Start, ApprovalMoment.Revoke),
        luck.Is(name + "/forever", 0.5) ? null : 7 * Day)
    {
        Need = luck.Is(name + "/two", 0.3) ? 2 : 1,
    };

    public static bool HasEvidence(UnitKind kind) => kind is UnitKind.Keys or UnitKind.BlindKeys or UnitKind.Accounts or UnitKind.Supplied;

    private static Strategy StrategyOf(UnitKind kind) => kind switch
    {
        UnitKind.Accounts => Strategy.Alternate,
        UnitKind.Account => Strategy.InPlace,
        UnitKind.Signing => Strategy.DualKey,
        UnitKind.Supplied => Strategy.Supplied,
        UnitKind.Leases => Strategy.Leased,
        _ => Strategy.Overlap,
    };

    private static string TypeOf(UnitKind kind) => kind switch
    {
        UnitKind.Keys => ListedKeyProvider.Type,
        UnitKind.BlindKeys => KeyProvider.BlindId,
        UnitKind.Accounts or UnitKind.Account => AccountProvider.Type,
        UnitKind.Signing => SigningProvider.Type,
        UnitKind.Supplied => SuppliedProvider.Type,
        _ => VaultProvider.Type,
    };

    private static JsonObject Settings(int number) =>
        new() { ["unit"] = number, ["accounts"] = new JsonArray("a", "b"), ["account"] = "a" };
}
