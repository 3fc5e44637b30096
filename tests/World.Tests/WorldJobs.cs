using Rotunda.Activities.Clocks;
using Rotunda.Activities.Leases;
using Rotunda.Api.Desk;
using Rotunda.Rotation.Planning;

namespace Rotunda.World.Tests;

/// <summary>What a head does by the clock, and what a seed has planned to happen.</summary>
internal sealed class WorldJobs(WorldRun world)
{
    /// <summary>A head looks every minute; what is due waits for a few hours here, as each look costs.</summary>
    private static readonly TimeSpan s_sweep = TimeSpan.FromHours(5);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private readonly int _oldRelease = world.Luck.Of("old release", 1, 2, 3);
    private bool _isUpgraded;
    private bool _soon;
    private int _sweeps;

    /// <summary>Adopts what is there, before anything goes wrong.</summary>
    public void Begin()
    {
        world.Do(async head =>
        {
            await head.Get<ClockWatch>().LookAsync(default);
            await head.Get<ScheduleSweep>().RunOnceAsync(default);
        });
        if (world.Do(head => Task.CompletedTask) && world.Head.Get<CatalogAdoption>().Problems is { Count: > 0 } problems)
        {
            throw new WorldBrokenException($"Not adopted: {string.Join("; ", problems)}");
        }

        Again();
    }

    public void SoonSweep()
    {
        if (!_soon)
        {
            _soon = true;
            world.After(TimeSpan.FromSeconds(20), () => { _soon = false; Sweep(); });
        }
    }

    public RotationPlan AsReleased(RotationPlan plan)
    {
        if (_isUpgraded || plan.Steps.Any(step => StepKinds.IsPersons(step.Kind)))
        {
            return plan;
        }

        // The first two releases had no step that holds the revoke.
        var steps = _oldRelease < 3 ? plan.Steps.Where(step => step.Kind != StepKinds.Hold) : plan.Steps;
        return plan with { InterpreterVersion = _oldRelease, Steps = [.. steps] };
    }

    public void Happen(WorldEvent one)
    {
        var unit = world.Units.GetValueOrDefault(one.Unit);
        if (one.Unit >= 0 && unit is not { IsInCatalog: true })
        {
            return;
        }

        world.Tell(unit, $"HAPPENS {one.Kind}");
        if (one.Unit < 0)
        {
            OfTheWorld(one);
        }
        else
        {
            world.People.Happen(one, unit!);
            world.Touch(unit!);
        }
    }

    private void OfTheWorld(WorldEvent one)
    {
        switch (one.Kind)
        {
            case WorldEventKind.Crash:
                world.ArmCrash(1 + world.Luck.Below(one.Name + "/points", 60));
                break;
            case WorldEventKind.Restart:
                world.Fault(null, "restart", "by a person", null);
                world.Crash();
                break;
            case WorldEventKind.HubLost:
                world.Fault(null, "hub lost", "", null);
                world.Restart(world.Engine.Forget);
                break;
            case WorldEventKind.Move:
                world.Fault(null, "move", "to another head", null);
                world.Move();
                break;
            case WorldEventKind.Upgrade:
                world.Fault(null, "upgrade", $"from interpreter version {_oldRelease}", null);
                _isUpgraded = true;
                world.Crash();
                break;
            case WorldEventKind.ClockJump:
                Jump(one);
                break;
            default:
                Outage(one);
                break;
        }
    }

    private void Jump(WorldEvent one)
    {
        if (world.ClockOffset != TimeSpan.Zero)
        {
            return;
        }

        var far = world.Luck.Between(one.Name + "/far", TimeSpan.FromMinutes(2), 3 * s_day);
        var by = world.Luck.Is(one.Name + "/back", 0.4) ? -far : far;
        world.Fault(null, "clock jump", $"by {by}", null);
        world.LastTrouble = world.True;
        world.Clock.Jump(world.Wall + by);
        world.After(world.Luck.Between(one.Name + "/for", TimeSpan.FromMinutes(10), 2 * s_day), () =>
        {
            world.LastTrouble = world.True;
            world.Tell(null, "the clock is set right");
            world.Clock.Jump(world.True);
        });
    }

    private void Outage(WorldEvent one)
    {
        var type = world.Luck.Of(
            one.Name + "/type", ListedKeyProvider.Type, KeyProvider.BlindId, AccountProvider.Type, SuppliedProvider.Type,
            VaultProvider.Type, PlaceProvider.Type, ConsumerProvider.Type);
        var until = world.True + world.Luck.Between(one.Name + "/for", TimeSpan.FromMinutes(10), TimeSpan.FromHours(40));
        world.Tell(null, $"{type} is down until {until:u}");
        world.Vendors.Down[type] = until;
        world.LastTrouble = type == VaultProvider.Type && until > world.LastTrouble ? until : world.LastTrouble;
    }

    private void Again() => world.After(
        s_sweep + world.Luck.Between($"sweep/{_sweeps}", TimeSpan.Zero, TimeSpan.FromMinutes(20)), () => { Sweep(); Again(); });

    private void Sweep()
    {
        _sweeps++;
        var ok = world.Do(head => head.Get<ClockWatch>().LookAsync(default))
            && world.Do(head => head.Get<LeaseSweep>().RunAsync(default))
            && world.Do(head => head.Get<ScheduleSweep>().RunOnceAsync(default));
        if (ok && _sweeps % 5 == 0)
        {
            _ = world.Do(head => head.Get<DriftSweep>().RunAsync(default))
                && world.Do(head => head.Get<NoticeDesk>().RunAsync(default))
                && world.Do(head => head.Get<HubCleaning>().RunAsync(default));
        }

        world.People.Rounds(daily: _sweeps % 5 == 0);
    }
}
