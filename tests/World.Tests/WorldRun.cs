using Rotunda.Files;
using Rotunda.Interpreter;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.World.Tests;

/// <summary>
/// Plays a whole Rotunda for years: catalog, sweep, desk, orchestrations, ledger, store and vendors, with people and faults, all from one
/// seed. One thing happens after the other; after each, the promises are checked.
/// </summary>
internal sealed class WorldRun : IDisposable
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly WorldAgenda _agenda = new(Start);
    private readonly Dictionary<string, Unit> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<Unit> _touched = [];
    private readonly WorldStory _story;
    private readonly WorldFolder _folder = new();
    private readonly WorldJobs _jobs;
    private int _untilCrash;
    private int _edits;
    private bool _crashing;

    public WorldRun(WorldPlan plan, Sabotage? sabotage = null, bool tells = false)
    {
        (Plan, Sabotage, Luck) = (plan, sabotage ?? new Sabotage(), new Luck(plan.Seed));
        Sabotage.World = this;
        _story = new WorldStory(tells);
        Units = plan.Units.ToDictionary(number => number, number => WorldPolicies.Make(number, Luck));
        Vendors = new Vendors(this);
        Watch = new WorldWatch(this);
        Engine = new WorldEngine(this, WorldHead.Payloads);
        People = new WorldPeople(this);
        _jobs = new WorldJobs(this);
        Engine.AfterStep = instance => { People.Look(instance); Watch.Ended(instance); };
        foreach (var unit in Units.Values)
        {
            _byName[unit.Policy.Name] = unit;
            WorldBeginning.Of(this, unit);
        }

        Catalog = MakeCatalog();
        Head = new WorldHead(this, _folder.Path);
        Engine.Begin(Head.Tasks);
    }

    public WorldPlan Plan { get; }

    public Luck Luck { get; }

    public Sabotage Sabotage { get; }

    public ManualTimeProvider Clock => _agenda.Clock;

    /// <inheritdoc cref="WorldAgenda.True"/>
    public DateTimeOffset True => _agenda.True;

    /// <inheritdoc cref="WorldAgenda.Wall"/>
    public DateTimeOffset Wall => _agenda.Wall;

    public TimeSpan ClockOffset => _agenda.ClockOffset;

    public IReadOnlyDictionary<int, Unit> Units { get; }

    public Dictionary<string, StartedRotation> Rotations { get; } = new(StringComparer.Ordinal);

    public Vendors Vendors { get; }

    public WorldWatch Watch { get; }

    public WorldEngine Engine { get; }

    public WorldPeople People { get; }

    public WorldHead Head { get; private set; }

    public WorldCounts Counts { get; } = new();

    public RotationCatalog Catalog { get; private set; }

    /// <summary>The faults of calls that happened, by name.</summary>
    public List<string> Happened { get; } = [];

    /// <summary>What ends this world.</summary>
    public WorldBrokenException? Broken { get; set; }

    /// <summary>No faults: the beginning, and the end, in which everything has to come to rest.</summary>
    public bool Calm { get; set; } = true;

    public string Story => _story.ToString();

    /// <summary>The same for the same seed: a fold of all that happened, and when.</summary>
    public ulong Digest => _story.Digest;

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Play();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Play()
    {
        _jobs.Begin();
        Calm = false;
        foreach (var one in Plan.Events)
        {
            At(Start + one.At, () => _jobs.Happen(one));
        }

        RunUntil(Start + Plan.Length);
        Watch.AtTheEnd();
    }

    public void Dispose()
    {
        Head.Dispose();
        _folder.Dispose();
    }

    /// <summary>When a vault was last out of reach, the clock wrong, or the process away: leases may have ended by themselves.</summary>
    public DateTimeOffset LastTrouble { get; set; } = Start;

    public StartedRotation? Newest(Unit unit) =>
        unit.NewestId is { } id ? Rotations.GetValueOrDefault(id) : null;

    public Unit? UnitOf(string secret) => _byName.GetValueOrDefault(secret);

    public void After(TimeSpan time, Action action) => At(True + time, action);

    public void At(DateTimeOffset at, Action action) => _agenda.At(at, action);

    public void AtWall(DateTimeOffset at, Action action) => _agenda.AtWall(at, action);

    /// <summary>Something of it has changed, or may have.</summary>
    public void Touch(Unit unit) => _touched.Add(unit);

    public void Tell(Unit? unit, string text) => _story.Tell(True, unit?.Policy.Name, text);

    public bool Tells => _story.Tells;

    public void Fault(Unit? unit, string kind, string what, string? name)
    {
        WorldCounts.Add(Counts.Faults, kind);
        if (name is not null)
        {
            Happened.Add(name);
        }

        Tell(unit, $"FAULT {kind}: {what}");
    }

    /// <summary>Runs what people or jobs do, to its end. Where the process dies in it, another one starts.</summary>
    /// <returns>False if it died.</returns>
    public bool Do(Func<WorldHead, Task> work)
    {
        try
        {
            work(Head).GetAwaiter().GetResult();
        }
        catch (SimulatedCrashException)
        {
            // Seen below, also where somebody took it for a failure of one secret.
        }

        if (Broken is { } broken)
        {
            throw broken;
        }

        if (Head.IsDead)
        {
            Crash();
            return false;
        }

        return true;
    }

    /// <summary>The process dies at one of the next crash points.</summary>
    public void ArmCrash(int after) => _untilCrash = after;

    public bool CrashPoint(string point)
    {
        if (_untilCrash == 0 || Interlocked.Decrement(ref _untilCrash) > 0)
        {
            return false;
        }

        Fault(null, "crash", point, null);
        return true;
    }

    /// <summary>The process has died: another one starts over the same files.</summary>
    public void Crash() => Restart(() => { });

    /// <param name="between">What is done while no process runs.</param>
    public void Restart(Action between)
    {
        if (_crashing)
        {
            return;
        }

        _crashing = true;
        _untilCrash = 0;
        Head.IsDead = true;
        Engine.Die();
        Head.Dispose();
        between();
        Head = new WorldHead(this, _folder.Path);
        _crashing = false;
        Engine.Begin(Head.Tasks);
        Tell(null, "the process starts");
        _jobs.SoonSweep();
    }

    /// <summary>The ledger goes to another head, which has the store's files and an empty hub.</summary>
    public void Move() => Restart(() =>
    {
        Engine.Forget();
        _folder.Move(Clock);
    });

    public void Edit(Unit unit, Func<Policy, Policy> change)
    {
        var before = unit.Policy.Name;
        unit.Policy = change(unit.Policy);
        if (unit.Policy.Name != before)
        {
            _byName[unit.Policy.Name] = unit;
        }

        Catalog = MakeCatalog();
        Touch(unit);
    }

    /// <summary>A plan as the release that runs now makes it.</summary>
    public RotationPlan AsReleased(RotationPlan plan) => Sabotage.Plan(_jobs.AsReleased(plan));

    /// <summary>The ledger has a rotation.</summary>
    public void Started(RotationPlan plan)
    {
        var unit = _byName[plan.Secret];
        Rotations[plan.RotationId] = new StartedRotation(unit, plan, unit.Policy, True);
        (unit.Newest, unit.NewestId, unit.IsRotating) = ((plan.Number, True), plan.RotationId, true);
        Counts.Starts++;
        Touch(unit);
        Watch.Leaks(plan.Reason, "plan");
        // What the plan of an emergency says that it does.
        if (plan.Steps.Any(step => step.Settings.ContainsKey(StepSettings.RevokeFirst))
            || (plan.Trigger == RotationTrigger.Emergency
                && plan.Warnings.Any(one => one.Contains("ends it at once", StringComparison.Ordinal))))
        {
            unit.MayBeLockedOutBy = plan.RotationId;
        }

        if (Tells)
        {
            var steps = string.Join(' ', plan.Steps.Select(step => step.Id));
            Tell(unit, $"rotation {plan.RotationId} starts ({plan.Trigger}, by {plan.RequestedBy}): {steps}");
        }
    }

    /// <summary>A step has ended.</summary>
    public void Stepped(string kind, StepInput input, StepOutcome outcome)
    {
        if (Rotations.TryGetValue(input.RotationId, out var rotation))
        {
            Touch(rotation.Unit);
            Tell(rotation.Unit, $"{input.RotationId}: {input.Undo?.Id ?? input.Step.Id} #{input.Attempt} {outcome.Kind} {outcome.Reason}");
            if (kind == StepKinds.Promote && outcome.Succeeded)
            {
                rotation.Unit.Promoted.Add(input.Number);
            }
            else if (kind == StepKinds.Unpromote && outcome.Succeeded)
            {
                rotation.Unit.Promoted.Remove(input.Number);
            }
        }
    }

    /// <summary>A vendor makes a credential.</summary>
    public WorldCredential Mint(Unit unit, string? label, int number)
    {
        var count = unit.Count("minted");
        var value = $"{Vendors.Canary}{Luck.Below($"{unit.Number}/value/{count}", int.MaxValue):x8}{unit.Number}x{count}";
        return Add(unit, new WorldCredential($"k{unit.Number}-{count}", null, label, value, number, True));
    }

    /// <summary>A vendor takes a value for an account.</summary>
    public void Take(Unit unit, string value, string? account, int number) =>
        Add(unit, new WorldCredential($"{account}/{unit.Count("minted")}", account, null, value, number, True));

    public string? Environment(string name) =>
        name.StartsWith("FIRST_", StringComparison.Ordinal)
        && int.TryParse(name["FIRST_".Length..], out var number) && Units.TryGetValue(number, out var unit)
            ? unit.Credentials[0].Value
            : null;

    /// <summary>Lets time pass, and what is due happen.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_agenda.Next(Engine.UnderWay > 0) is var next && next <= end)
        {
            _agenda.Go(next);
            Engine.Settle();
            _agenda.Take()?.Invoke();
            if (Broken is { } broken)
            {
                throw broken;
            }

            Counts.Events++;
            _story.Fold(True);
            foreach (var unit in _touched)
            {
                Watch.Check(unit);
            }

            _touched.Clear();
        }
    }

    private WorldCredential Add(Unit unit, WorldCredential credential)
    {
        unit.Credentials.Add(credential);
        Counts.Minted++;
        return credential;
    }

    private RotationCatalog MakeCatalog() => new(
        Units.Values.Where(unit => unit.IsInCatalog).ToDictionary(unit => unit.Policy.Name, unit => unit.Policy, StringComparer.Ordinal),
        $"edit-{_edits++}", _folder.Path);
}
