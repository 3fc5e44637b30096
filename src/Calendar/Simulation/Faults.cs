namespace Rotunda.Calendar.Simulation;

/// <summary>A span of time in which something is wrong.</summary>
/// <param name="Until">Exclusive.</param>
internal sealed record Fault(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>By how much the server's clock is off.</summary>
    public TimeSpan Offset { get; init; }

    public bool Holds(DateTimeOffset at) => From <= at && at < Until;
}

/// <summary>When the server is down, when its clock is off, and when a provider does not work.</summary>
internal sealed class Faults
{
    private const int Providers = 12;
    private readonly List<Fault> _down = [];
    private readonly List<Fault> _clock = [];
    private readonly List<Fault>[] _away = [.. Enumerable.Range(0, Providers).Select(_ => new List<Fault>())];

    public Faults(SimulationOptions options)
    {
        if (!options.Faults)
        {
            return;
        }
        var dice = Dice.For(options.Seed, -1);
        var quarters = Math.Max(1, options.Days / 91);
        Throw(_down, quarters, TimeSpan.FromHours(1), TimeSpan.FromHours(36), options, dice);
        Throw(_clock, Math.Max(1, quarters / 2), TimeSpan.FromHours(1), TimeSpan.FromHours(20), options, dice);
        foreach (var provider in _away)
        {
            Throw(provider, Math.Max(1, quarters / 4), TimeSpan.FromHours(2), TimeSpan.FromHours(80), options, dice);
        }
        for (var i = 0; i < _clock.Count; i++)
        {
            _clock[i] = _clock[i] with { Offset = dice.Between(TimeSpan.FromMinutes(-180), TimeSpan.FromMinutes(180)) };
        }
    }

    /// <summary>Moments at which the server comes up again, or its clock jumps: it looks at everything then.</summary>
    public IEnumerable<DateTimeOffset> Turns => _down.Select(fault => fault.Until).Concat(_clock.SelectMany(Ends));

    public int Downtimes => _down.Count;

    public int ClockJumps => _clock.Count * 2;

    /// <summary>What the server's clock says.</summary>
    public DateTimeOffset Wall(DateTimeOffset at) => at + (_clock.Find(fault => fault.Holds(at))?.Offset ?? TimeSpan.Zero);

    /// <summary>The moment itself while the server is up, else when it is again.</summary>
    public DateTimeOffset Up(DateTimeOffset at)
    {
        while (_down.Find(fault => fault.Holds(at)) is { } down)
        {
            at = down.Until;
        }
        return at;
    }

    /// <summary>True if the server was up, and its clock went on evenly, all the time between.</summary>
    public bool IsCalm(DateTimeOffset from, DateTimeOffset until) =>
        !_down.Exists(fault => fault.From < until && fault.Until > from)
        && !_clock.SelectMany(Ends).Any(turn => turn > from && turn <= until);

    public bool IsAway(int provider, DateTimeOffset at) => _away[provider % Providers].Exists(fault => fault.Holds(at));

    private static IEnumerable<DateTimeOffset> Ends(Fault fault) => [fault.From, fault.Until];

    private static void Throw(List<Fault> all, int count, TimeSpan least, TimeSpan most, SimulationOptions options, Dice dice)
    {
        for (var i = 0; i < count; i++)
        {
            var from = options.From + dice.Between(TimeSpan.FromHours(1), TimeSpan.FromDays(options.Days));
            var fault = new Fault(from, from + dice.Between(least, most));
            if (!all.Exists(other => other.From <= fault.Until && fault.From <= other.Until))
            {
                all.Add(fault);
            }
        }
    }
}
