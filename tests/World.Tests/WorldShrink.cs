using System.Globalization;

namespace Rotunda.World.Tests;

/// <summary>Makes a world that breaks a promise as small as it gets and still breaks the same one, so that its story can be read.</summary>
/// <param name="sabotage">Makes the sabotage that the world is played with, anew for each.</param>
/// <param name="most">How many worlds are played for it.</param>
internal sealed class WorldShrink(Func<Sabotage?> sabotage, int most = 80)
{
    private int _played;
    private WorldBrokenException _broken = new("nothing yet");
    private List<string> _happened = [];
    private TimeSpan _at;

    /// <summary>The smallest plan that was found, and what it comes to, with its story.</summary>
    public (WorldPlan Plan, string Story) Run(WorldPlan plan)
    {
        if (!Breaks(plan, null))
        {
            return (plan, "It broke once and does not again: look at what differs between two runs of one seed.");
        }

        plan = Shorter(plan);
        plan = Fewer(plan, plan.Units, (less, units) => less with
        {
            Units = units, Events = [.. less.Events.Where(one => one.Unit < 0 || units.Contains(one.Unit))],
        });
        plan = Shorter(plan);
        plan = Fewer(plan, plan.Events, (less, events) => less with { Events = events });
        plan = Fewer(plan, _happened, (less, happen) => less with { Muted = Without(less, happen) });
        plan = Shorter(plan);
        using var last = new WorldRun(plan, sabotage(), tells: true);
        try
        {
            last.Run();
        }
        catch (WorldBrokenException)
        {
            // As before.
        }

        return (plan, string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {plan.Seed}, shrunk by {_played} plays to {plan.Units.Count} secrets, {plan.Length.TotalDays:F1} days, "
                + $"{plan.Events.Count} events and {last.Happened.Count} faults of calls.\n"
                + $"{_broken.Promise}: {_broken.Message}\n{last.Story}"));
    }

    private HashSet<string> Without(WorldPlan plan, IReadOnlyList<string> happen) =>
        [.. plan.Muted, .. _happened.Where(one => !happen.Contains(one))];

    /// <summary>Ends it where it broke.</summary>
    private WorldPlan Shorter(WorldPlan plan)
    {
        var less = plan with
        {
            Length = _at + TimeSpan.FromMinutes(1), Events = [.. plan.Events.Where(one => one.At <= _at)],
        };
        return Breaks(less, _broken.Promise) ? less : plan;
    }

    /// <summary>Leaves out halves, then quarters, and so on to single ones, as long as it still breaks.</summary>
    private WorldPlan Fewer<T>(WorldPlan plan, IReadOnlyList<T> all, Func<WorldPlan, IReadOnlyList<T>, WorldPlan> with)
    {
        for (var size = (all.Count + 1) / 2; size > 0 && all.Count > 0; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var from = 0; from < all.Count && _played < most;)
            {
                var rest = all.Where((_, index) => index < from || index >= from + size).ToList();
                var less = with(plan, rest);
                if (Breaks(less, _broken.Promise))
                {
                    (plan, all) = (less, rest);
                }
                else
                {
                    from += size;
                }
            }
        }

        return plan;
    }

    private bool Breaks(WorldPlan plan, string? promise)
    {
        _played++;
        using var world = new WorldRun(plan, sabotage());
        try
        {
            world.Run();
            return false;
        }
        catch (WorldBrokenException broken) when (promise is null || broken.Promise == promise)
        {
            (_broken, _happened, _at) = (broken, world.Happened, world.True - WorldRun.Start);
            return true;
        }
        catch (WorldBrokenException)
        {
            return false;
        }
    }
}
