using Rotunda.Calendar.Due;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Simulation;

/// <summary>
/// Plays years of a catalog on a virtual clock: the scheduler looks as a head's sweep does, with the same code, and what it starts takes
/// its time, fails, or waits for people. What it decides is held against the promises.
/// </summary>
/// <remarks>The sweep comes each minute. It is played where something can have changed: when a secret said that it is to be looked at
/// again, when something has happened to it or to one that it waits for, and once a week for all.</remarks>
public sealed class CatalogSimulation
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly SimulationOptions _options;
    private readonly Dictionary<string, SimulatedSecret> _secrets;
    private readonly Dictionary<string, SecretSchedule> _schedules;
    private readonly Dictionary<string, Dice> _dice;
    private readonly ILookup<string, SimulatedSecret> _waiters;
    private readonly Agenda _agenda = new();
    private readonly SimulationTally _tally = new();
    private readonly Faults _faults;
    private readonly PromiseWatch _watch;
    private readonly DueLook _look;
    private DateTimeOffset _now;

    private CatalogSimulation(SimulationOptions options)
    {
        (_options, _faults, _now) = (options, new Faults(options), options.From);
        var order = options.Catalog.Policies.Values.OrderBy(policy => options.Doors.ContainsKey(policy.Name)).ToList();
        _dice = order.Select((policy, place) => (policy.Name, place))
            .ToDictionary(one => one.Name, one => Dice.For(options.Seed, one.place), StringComparer.Ordinal);
        _secrets = order.Select((policy, place) => Beginnings.Of(policy, place, options, _dice[policy.Name]))
            .ToDictionary(one => one.Name, StringComparer.Ordinal);
        _schedules = _secrets.ToDictionary(pair => pair.Key, pair => pair.Value.Schedule, StringComparer.Ordinal);
        _waiters = WhoWaits(_secrets).ToLookup(pair => pair.For, pair => pair.Waiter, StringComparer.Ordinal);
        _watch = new PromiseWatch(_secrets, options);
        _look = new DueLook(options.Catalog, _schedules, (name, since) => _schedules[name] = since, options.Decide);
    }

    /// <summary>Plays it to the end.</summary>
    public static SimulationReport Run(SimulationOptions options, CancellationToken cancellationToken = default) =>
        new CatalogSimulation(options).Play(cancellationToken);

    private static IEnumerable<(string For, SimulatedSecret Waiter)> WhoWaits(Dictionary<string, SimulatedSecret> secrets)
    {
        var groups = secrets.Values.ToLookup(one => one.Policy.Group?.Name, StringComparer.Ordinal);
        return secrets.Values.SelectMany(one => new[] { (one.Name, one) }
            .Concat(one.Policy.After is { } after ? [(after.Secret, one)] : [])
            .Concat(
                one.Policy.Group is { } group ? groups[group.Name].Where(other => other != one).Select(other => (other.Name, one)) : []));
    }

    private SimulationReport Play(CancellationToken cancellationToken)
    {
        foreach (var (at, item) in Beginnings.Agenda(_secrets.Values, _options, _faults, _dice))
        {
            _agenda.Add(at, item);
        }
        foreach (var secret in _secrets.Values)
        {
            PlanCheck(secret);
        }
        while (_agenda.Next(_options.Until) is var (at, item))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_faults.Up(at) is var up && up > at)
            {
                // Nothing happens while the server is down; all of it does when it is up again.
                _agenda.Add(up, item);
                continue;
            }
            _now = at;
            Happen(item);
        }
        return _tally.Report(_options, _faults, _watch.Broken);
    }

    private DateTimeOffset Wall => _faults.Wall(_now);

    private void Happen(AgendaItem item)
    {
        switch (item.Kind)
        {
            case Happening.Promote:
                Promote(item.Run!);
                break;
            case Happening.End:
                End(item.Run!);
                break;
            case Happening.ByPerson or Happening.Emergency:
                StartByHand(item.Secret!, item.Kind == Happening.Emergency ? StartedBy.Emergency : StartedBy.Person);
                break;
            case Happening.LookAtAll:
                Look(_secrets.Values);
                break;
            case Happening.Look:
                Look([.. _agenda.LooksAt(_now).Prepend(item.Secret!).Distinct().OrderBy(secret => secret.Place)]);
                break;
            default:
                Check(item);
                break;
        }
    }

    private void Look(IReadOnlyCollection<SimulatedSecret> secrets)
    {
        var looked = _look.RunAsync(
            secrets.Select(secret => secret.Policy),
            () => Wall,
            (policy, decision) => ValueTask.FromResult(StartDue(_secrets[policy.Name], decision)),
            Looked);
        if (!looked.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("A simulated start waits for something.");
        }
    }

    private void Looked(Policy policy, RotationDecision decision)
    {
        var (secret, wall) = (_secrets[policy.Name], Wall);
        _tally.Looks++;
        if (decision.Rotate)
        {
            return;
        }
        if (decision.DueAt <= wall && secret.Active is null)
        {
            (secret.WaitsFor, secret.DueAt) = (decision.Reason, decision.DueAt);
            secret.WasKept |= decision.Reason is DecisionReasons.Held or DecisionReasons.BackingOff;
        }
        if (decision.Reason == DecisionReasons.MissedRun && decision.DueAt <= wall)
        {
            _agenda.Add(_now + _dice[policy.Name].Between(60 * Minute, 5 * 1440 * Minute), new AgendaItem(Happening.ByPerson, secret));
        }
        if (decision.NextAt is { } next)
        {
            var after = next > wall ? next - wall : TimeSpan.Zero;
            LookAgain(secret, _now + after);
        }
    }

    /// <summary>At the first sweep from then on.</summary>
    private void LookAgain(SimulatedSecret secret, DateTimeOffset at)
    {
        var sweep = at > _now ? at : _now + TimeSpan.FromTicks(1);
        var late = sweep.Ticks % TimeSpan.TicksPerMinute;
        _agenda.Add(late == 0 ? sweep : sweep.AddTicks(TimeSpan.TicksPerMinute - late), new AgendaItem(Happening.Look, secret));
    }

    private SecretSchedule? StartDue(SimulatedSecret secret, RotationDecision decision)
    {
        var (wall, waited) = (Wall, secret.WaitsFor);
        if (_options.Doors.GetValueOrDefault(secret.Name)?.Any(door => _secrets[door].Active is not null) ?? false)
        {
            // A desk refuses that, and the next sweep asks again.
            LookAgain(secret, _now + Minute);
            return null;
        }
        _watch.Start(secret, decision, wall);
        if (!secret.TakeKey(decision.StartKey!))
        {
            _watch.Tell(secret, Promises.OnceForADue, $"{decision.StartKey} has started one before: it would never start again", wall);
            return null;
        }
        if (secret.Active is not null)
        {
            return null;
        }
        _tally.Started(Begin(secret, StartedBy.Schedule), decision.DueAt, waited);
        return secret.Schedule;
    }

    private void StartByHand(SimulatedSecret secret, StartedBy by)
    {
        if (secret.Active is { } open)
        {
            if (by != StartedBy.Emergency)
            {
                return;
            }
            secret.Supersede();
            _tally.Ended(null, Wall);
        }
        if (by == StartedBy.Person)
        {
            if (IsRefused(secret))
            {
                // The person is told why, and comes again when asked, or not at all.
                return;
            }
            _watch.StartByHand(secret, Wall);
        }
        _tally.Started(Begin(secret, by), null, null);
        Changed(secret);
    }

    /// <summary>As a desk does.</summary>
    private bool IsRefused(SimulatedSecret secret) => secret.Policy.Group is { } group && _options.HandsKeep is { } keeps
        && keeps(group, [.. _secrets.Values.Where(other => other != secret && other.Policy.Group?.Name == group.Name)
            .Select(other => _schedules[other.Name].ActiveRotationId).OfType<string>()]) is not null;

    private SimulatedRun Begin(SimulatedSecret secret, StartedBy by)
    {
        var run = secret.Start(by, Wall);
        run.Fate = _options.Faults
            ? Fates.Of(secret.Policy, by, _faults.IsAway(secret.Place, _now), _dice[secret.Name])
            : Fates.WithoutFaults(secret.Policy);
        if (run.Fate.PromotedAfter is { } promoted)
        {
            _agenda.Add(_now + promoted, new AgendaItem(Happening.Promote, secret, run));
        }
        _agenda.Add(_now + run.Fate.EndsAfter, new AgendaItem(Happening.End, secret, run));
        return run;
    }

    private void Promote(SimulatedRun run)
    {
        if (run.Secret.Active == run)
        {
            run.IsPromoted = true;
            run.Secret.Promote(run, Wall);
            Changed(run.Secret);
        }
    }

    private void End(SimulatedRun run)
    {
        var secret = run.Secret;
        if (secret.Active != run)
        {
            return;
        }
        switch (run.Fate.End)
        {
            case RunEnd.Succeeded:
                secret.Succeed(run, Wall);
                break;
            case RunEnd.Cancelled:
                secret.Cancel(Wall + secret.Policy.AskAgain);
                break;
            default:
                secret.TakeBack(run);
                secret.Fail(Wall);
                break;
        }
        _tally.Ended(run.Fate.End, Wall);
        secret.WasKept |= _watch.EarliestDue(secret) <= Wall;
        Changed(secret);
        PlanCheck(secret);
    }

    /// <summary>The next sweep sees it: the secret itself, and those that wait for it.</summary>
    private void Changed(SimulatedSecret secret)
    {
        _schedules[secret.Name] = secret.Schedule;
        foreach (var waiter in _waiters[secret.Name])
        {
            waiter.TouchedAt = _now;
            LookAgain(waiter, _now + Minute);
        }
    }

    /// <summary>When it will have had a chance to start.</summary>
    /// <param name="since">Since when it could have had one; null: from now on.</param>
    private void PlanCheck(SimulatedSecret secret, DateTimeOffset? notBefore = null, DateTimeOffset? since = null)
    {
        if (_watch.ReadyAt(secret) is not { } ready)
        {
            return;
        }
        var from = new[] { ready, Wall + Minute, notBefore ?? ready }.Max();
        if (_watch.HoursOf(secret).FirstChance(from, _options.Until) is { } chance && chance < _options.Until)
        {
            var check = new AgendaItem(Happening.Check, secret, Version: secret.Version) { Since = since ?? (_now + (from - Wall)) };
            _agenda.Add(_now + (chance - Wall), check);
        }
    }

    private void Check(AgendaItem item)
    {
        var (secret, wall) = (item.Secret!, Wall);
        if (secret.Version != item.Version || secret.Active is not null)
        {
            return;
        }
        // A clock that has jumped since may have jumped over the chance.
        var calm = _faults.IsCalm(_now - (30 * Minute), _now) && _watch.ReadyAt(secret) <= wall - (20 * Minute)
            && secret.TouchedAt <= _now - (20 * Minute)
            && _watch.HoursOf(secret).FirstChance(wall - (20 * Minute), wall) == wall;
        if (calm && _watch.HeldBy(secret, wall) is null && !_watch.HasRival(secret, wall)
            && !WaitsForAPerson(item))
        {
            _watch.Tell(secret, Promises.Late, $"nothing kept it for twenty minutes ({secret.WaitsFor ?? "not looked at"})", wall);
            return;
        }
        PlanCheck(secret, wall + (calm ? TimeSpan.FromHours(5) : 40 * Minute), item.Since);
    }

    /// <summary>Its window may have passed while something else kept it, or between its due and the next look: then a person is asked,
    /// and that is right.</summary>
    private bool WaitsForAPerson(AgendaItem item) => item.Secret! is { Policy: { Missed: MissedRun.Ask, Window: not null } } secret
        && (secret.WasKept || !_faults.IsCalm(item.Since, _now) || !_faults.IsCalm(_now - (Wall - (secret.DueAt ?? Wall)), _now)
            || (secret.DueAt is { } due && _watch.HoursOf(secret) is var hours && hours.IsOpen(due) && !hours.IsOpen(due + (2 * Minute))));
}
