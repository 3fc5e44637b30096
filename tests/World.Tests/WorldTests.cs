using System.Diagnostics;
using System.Globalization;

namespace Rotunda.World.Tests;

/// <summary>
/// Whole worlds, each from one seed. By default a few small ones; ROTUNDA_WORLD_SEEDS=1000 plays so many, of ROTUNDA_WORLD_SECRETS secrets
/// (500) and ROTUNDA_WORLD_DAYS days (730), from ROTUNDA_WORLD_FIRST on.
/// </summary>
public sealed class WorldTests
{
    private static readonly int s_seeds = Told("ROTUNDA_WORLD_SEEDS", 0);

    [Fact]
    public void The_promises_hold()
    {
        var (seeds, secrets, days) = s_seeds > 0
            ? (s_seeds, Told("ROTUNDA_WORLD_SECRETS", 500), Told("ROTUNDA_WORLD_DAYS", 730))
            : (2, Told("ROTUNDA_WORLD_SECRETS", 10), Told("ROTUNDA_WORLD_DAYS", 60));
        var (all, first, began) = (new WorldCounts(), Told("ROTUNDA_WORLD_FIRST", 1), Stopwatch.GetTimestamp());
        for (var seed = first; seed < first + seeds; seed++)
        {
            all.Add(Play(WorldPlan.Draw(seed, secrets, days)));
        }

        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{seeds} worlds of {secrets} secrets and {days} days from seed {first} on: {all}. {took:F1} s, "
                + $"{all.Events / took:N0} events a second."));
        Assert.True(all.Starts > seeds && all.Faults.Count > 5, all.ToString());
    }

    private static WorldCounts Play(WorldPlan plan)
    {
        using var world = new WorldRun(plan, tells: Environment.GetEnvironmentVariable("ROTUNDA_WORLD_TELL") is not null);
        try
        {
            var began = Stopwatch.GetTimestamp();
            world.Run();
            Say($"seed {plan.Seed}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s, {world.Counts}");
            return world.Counts;
        }
        catch (WorldBrokenException broken)
        {
            var (_, story) = Environment.GetEnvironmentVariable("ROTUNDA_WORLD_TELL") is null
                ? new WorldShrink(() => null).Run(plan)
                : (plan, world.Story);
            throw new WorldBrokenException($"Seed {plan.Seed}: {broken.Message}\n\n{story}", broken.Promise);
        }
    }

    private static void Say(string line)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }

    private static int Told(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
