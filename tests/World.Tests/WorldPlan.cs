namespace Rotunda.World.Tests;

/// <summary>All that a seed decides before anything happens. To shrink is to leave something out.</summary>
/// <param name="Length">In true time.</param>
/// <param name="Units">The numbers of the secrets.</param>
/// <param name="Muted">Names of faults that do not happen.</param>
internal sealed record WorldPlan(
    long Seed, TimeSpan Length, IReadOnlyList<int> Units, IReadOnlyList<WorldEvent> Events, IReadOnlySet<string> Muted)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How often each happens: once in so many days, of the world or of each secret.</summary>
    private static readonly (WorldEventKind Kind, double Days, bool OfEach)[] s_rates =
    [
        (WorldEventKind.Crash, 6, false), (WorldEventKind.Restart, 20, false), (WorldEventKind.ClockJump, 45, false),
        (WorldEventKind.Outage, 15, false), (WorldEventKind.HubLost, 90, false), (WorldEventKind.Move, 120, false),
        (WorldEventKind.Emergency, 150, true), (WorldEventKind.Manual, 90, true), (WorldEventKind.Verb, 40, true),
        (WorldEventKind.AddTarget, 60, true), (WorldEventKind.DropTarget, 200, true), (WorldEventKind.EditPolicy, 120, true),
        (WorldEventKind.Rename, 400, true), (WorldEventKind.Leave, 600, true), (WorldEventKind.Pause, 200, true),
        (WorldEventKind.ConsumerRestart, 60, true), (WorldEventKind.Deliver, 100, true),
    ];

    public static WorldPlan Draw(long seed, int secrets, int days)
    {
        var luck = new Luck(seed);
        var events = new List<WorldEvent> { new(WorldEventKind.Upgrade, Day * days * luck.Share("upgrade"), -1, "upgrade") };
        foreach (var (kind, every, ofEach) in s_rates)
        {
            foreach (var unit in ofEach ? Enumerable.Range(0, secrets) : [-1])
            {
                var at = 0.0;
                for (var number = 1; ; number++)
                {
                    var name = $"{kind}/{unit}/{number}";
                    at -= every * Math.Log(1 - luck.Share(name));
                    if (at >= days)
                    {
                        break;
                    }

                    events.Add(new WorldEvent(kind, Day * at, unit, name));
                }
            }
        }

        return new WorldPlan(
            seed, Day * days, [.. Enumerable.Range(0, secrets)], [.. events.OrderBy(one => one.At)], new HashSet<string>(0));
    }

    /// <summary>Two emergencies and a rotation for each secret besides: the more happens, the sooner what is wrong is found out.</summary>
    public WorldPlan WithMore() => this with
    {
        Events =
        [
            .. Events.Concat(Units.SelectMany(unit => Enumerable.Range(1, 3).Select(number => new WorldEvent(
                number == 3 ? WorldEventKind.Manual : WorldEventKind.Emergency, Day * ((5 * number) + unit), unit,
                $"more/{unit}/{number}")))).OrderBy(one => one.At),
        ],
    };

    /// <summary>Rotations for each secret besides, and an emergency seconds after each begins: it takes over in the middle of a step, or
    /// between two. Whoever was delivered an old step then comes back as an old holder of the fence.</summary>
    public WorldPlan WithTakeOvers() => this with
    {
        Events =
        [
            .. Events.Concat(
                from unit in Units
                from number in Enumerable.Range(1, 4)
                let at = (Day * ((10 * number) + 1)) + (TimeSpan.FromHours(1) * unit)
                from one in new[]
                {
                    new WorldEvent(WorldEventKind.Manual, at, unit, $"taken/{unit}/{number}"),
                    new WorldEvent(
                        WorldEventKind.Emergency, at + TimeSpan.FromSeconds((11 * number) + (2 * unit)), unit, $"takes/{unit}/{number}"),
                }
                select one).OrderBy(one => one.At),
        ],
    };
}
