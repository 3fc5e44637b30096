using System.Text.Json.Nodes;
using Rotunda.Calendar.Due;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Scheduling;

/// <summary>A group as large as a catalog: what is asked of its members grows with their number, and not with its square.</summary>
public sealed class LargeGroupTests
{
    private const int Members = 1000;
    private const int MostAskedOfEach = 10;
    private static readonly RotationGroup s_group = new("all", 3, [.. Enumerable.Range(0, Members).Reverse().Select(NameOf)]);
    private int _asked;

    [Fact]
    public async Task All_members_of_which_a_few_may_start_are_looked_at_together()
    {
        var (catalog, schedules, started) = (Catalog(), Schedules(rotatedDaysAgo: 40), new List<string>());
        var look = new DueLook(catalog, schedules, schedules.Set, RotationSchedule.Decide);

        var count = await look.RunAsync(catalog.Policies.Values, () => Samples.Now, (policy, _) =>
        {
            started.Add(policy.Name);
            return ValueTask.FromResult<SecretSchedule?>(Schedule(40) with { ActiveRotationId = $"{policy.Name}-1" });
        });

        // The order is the catalog's backwards, so nobody but the last three is first.
        Assert.Equal([NameOf(Members - 3), NameOf(Members - 2), NameOf(Members - 1)], started);
        Assert.Equal(3, count);
        Assert.InRange(_asked, Members, Members * MostAskedOfEach);
    }

    [Fact]
    public void What_keeps_each_back_is_told_of_all_when_none_is_due()
    {
        var (catalog, schedules) = (Catalog(), Schedules(rotatedDaysAgo: 1));
        var holds = new ScheduleHolds(catalog, schedules, _ => null, Samples.Now);

        Assert.All(catalog.Policies.Values, policy => Assert.Null(holds.Of(policy)));
        Assert.InRange(_asked, Members, Members * MostAskedOfEach);
    }

    [Fact]
    public void Whoever_is_under_way_fills_the_group_for_the_others_and_not_for_itself()
    {
        var (catalog, schedules) = (Catalog(), Schedules(rotatedDaysAgo: 40));
        foreach (var number in new[] { 4, 5, 6 })
        {
            schedules.Set(NameOf(number), Schedule(40) with { ActiveRotationId = $"{NameOf(number)}-1" });
        }
        var holds = new ScheduleHolds(catalog, schedules, _ => null, Samples.Now);

        Assert.StartsWith("its group all rotates 3 at once", holds.Of(catalog.Policies[NameOf(0)])!.Why, StringComparison.Ordinal);
        Assert.Equal($"{NameOf(Members - 1)} of its group all goes first", holds.Of(catalog.Policies[NameOf(5)])!.Why);
    }

    private static string NameOf(int number) => $"s{number}";

    private static SecretSchedule Schedule(int rotatedDaysAgo) => new(Samples.Now.AddDays(-100), Samples.Now.AddDays(-rotatedDaysAgo));

    private static RotationCatalog Catalog() => new(
        Enumerable.Range(0, Members).ToDictionary(NameOf, number => new Policy
        {
            Name = NameOf(number),
            Strategy = Strategy.DualKey,
            Provider = new ProviderBinding("generated", new JsonObject()),
            Interval = TimeSpan.FromDays(30),
            Group = s_group,
        }, StringComparer.Ordinal),
        Samples.Hash,
        "/etc/rotunda");

    private ScheduleDictionary<int> Schedules(int rotatedDaysAgo) => new(
        Enumerable.Range(0, Members).ToDictionary(NameOf, number => number, StringComparer.Ordinal),
        _ =>
        {
            _asked++;
            return Schedule(rotatedDaysAgo);
        });
}
