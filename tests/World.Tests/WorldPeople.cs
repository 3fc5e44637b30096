using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>People: they answer, late, at the real desk, and now and then do something of their own.</summary>
internal sealed class WorldPeople(WorldRun world)
{
    private const int MostAnswers = 60;
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seenGrace = new(StringComparer.Ordinal);
    private readonly WorldHands _hands = new(world);

    /// <summary>Somebody sees what a rotation waits for, or why it came to nothing, and will see to it.</summary>
    public void Look(WorldInstance instance)
    {
        if (instance is { HasEnded: true, Output: RotationResult { Reason: { } reason } }
            && reason.Contains("rotunda deliver", StringComparison.Ordinal) && world.Rotations.TryGetValue(instance.Id, out var ended)
            && _asked.Add(instance.Id))
        {
            world.After(
                world.Luck.Between($"deliver/{instance.Id}", s_hour, 50 * s_hour), () => Deliver(ended, "a target was left behind"));
            return;
        }

        if (instance.HasEnded || instance.CustomStatus is not RotationStatus { WaitingFor: not null } status
            || !world.Rotations.TryGetValue(instance.Id, out var rotation) || !Calls(instance.Id, status) || !_asked.Add(instance.Id))
        {
            return;
        }

        var number = _answers[instance.Id] = _answers.GetValueOrDefault(instance.Id) + 1;
        var name = $"answer/{instance.Id}/{number}";
        var later = world.Luck.Is(name + "/very late", 0.05) ? 15 * s_day : world.Luck.Between(name + "/late", s_hour / 4, 50 * s_hour);
        world.After(later, () =>
        {
            _asked.Remove(instance.Id);
            if (world.Engine.Find(instance.Id) is { HasEnded: false, CustomStatus: RotationStatus { WaitingFor: not null } now })
            {
                Answer(rotation, now, name, number);
                world.Touch(rotation.Unit);
            }
        });
    }

    /// <summary>People look at all that is open, at what is doubted, and once a day at the orphans.</summary>
    public void Rounds(bool daily)
    {
        foreach (var unit in world.Units.Values.Where(unit => unit.IsRotating))
        {
            if (world.Engine.Find(unit.NewestId!) is { } instance)
            {
                Look(instance);
            }
        }

        if (daily)
        {
            _hands.SettleOrphans();
            if (world.ClockOffset == TimeSpan.Zero && world.Head.Get<ClockWatch>().Doubt is not null)
            {
                world.Do(head => head.Get<ClockWatch>().ConfirmAsync("bob", "looked at two other clocks", default));
            }
        }
    }

    /// <summary>What a seed has planned for a secret.</summary>
    public void Happen(WorldEvent one, Unit unit) => _hands.Happen(one, unit);

    private bool Calls(string id, RotationStatus status) => status.State switch
    {
        RotationState.WaitingForApproval or RotationState.WaitingForValue or RotationState.WaitingForRevoke or RotationState.Paused => true,
        RotationState.Stuck => IsHeldBack(status) || status.WaitingFor?.Contains("person", StringComparison.Ordinal) == true,
        RotationState.Grace => status.Problem?.Contains("rotunda deliver", StringComparison.Ordinal) == true
            || (status.WaitingUntil is not null && _seenGrace.Add(id) && world.Luck.Is($"meddles/{id}", 0.12)),
        _ => false,
    };

    private void Answer(StartedRotation rotation, RotationStatus status, string name, int number)
    {
        var luck = world.Luck;
        var id = rotation.Plan.RotationId;
        switch (status.State)
        {
            case RotationState.WaitingForApproval:
                if (luck.Is(name + "/no", 0.08))
                {
                    Decide(rotation, ControlVerb.Reject, "alice");
                    return;
                }

                Decide(rotation, ControlVerb.Approve, rotation.Approved.Contains("alice") ? "bob" : "alice");
                break;
            case RotationState.WaitingForValue:
                _hands.Provide(rotation, wrong: luck.Is(name + "/wrong", 0.15));
                break;
            case RotationState.WaitingForRevoke:
                _hands.EndByHand(rotation);
                break;
            case RotationState.Paused:
                Say(rotation, ControlVerb.Resume, "bob");
                break;
            case RotationState.Grace when status.Problem?.Contains("rotunda deliver", StringComparison.Ordinal) == true:
                Deliver(rotation, "a target was missing");
                break;
            case RotationState.Grace:
                Say(rotation, luck.Of(name, ControlVerb.SkipGrace, ControlVerb.ExtendGrace, ControlVerb.Rollback), "bob");
                break;
            case RotationState.Stuck when IsHeldBack(status):
                _hands.BringOld(rotation.Unit);
                break;
            default:
                Unstick(rotation, status, name, number);
                break;
        }
    }

    private void Deliver(StartedRotation rotation, string why)
    {
        if (rotation.Unit.IsInCatalog)
        {
            _hands.Deliver(rotation.Unit, why);
            world.Touch(rotation.Unit);
        }
    }

    private static bool IsHeldBack(RotationStatus status) =>
        status.Problem?.Contains("The way back is held", StringComparison.Ordinal) == true;

    private void Unstick(StartedRotation rotation, RotationStatus status, string name, int number)
    {
        if (number > MostAnswers)
        {
            throw new WorldBrokenException(
                $"{rotation.Plan.RotationId} was answered {MostAnswers} times and does not come out.", "it ends");
        }

        var choice = world.Luck.Below(name, 100);
        if (choice < 30 && status.Problem?.Contains(ConsumerProvider.Elsewhere, StringComparison.Ordinal) == true
            && rotation.Unit.Places.Values.Any(one => one is { IsLeft: false, IsByHand: true }))
        {
            // What was filled by hand may be what its clients fail at.
            _hands.BringOld(rotation.Unit);
        }
        else if (choice < 60)
        {
            Say(rotation, ControlVerb.Resume, "bob");
        }
        else if (choice < 85)
        {
            Say(rotation, ControlVerb.Rollback, "bob");
        }
        else if (choice < 90)
        {
            Say(rotation, ControlVerb.Cancel, "bob");
        }
        else if (rotation.Plan.Strategy != Strategy.Retire)
        {
            _hands.Emergency(rotation.Unit, name);
        }
    }

    /// <summary>Decisions are weighed at the desk.</summary>
    private void Decide(StartedRotation rotation, ControlVerb verb, string by)
    {
        var id = rotation.Plan.RotationId;
        world.Tell(rotation.Unit, $"{by} says {verb} to {id}");
        if (verb == ControlVerb.Approve)
        {
            // Before, as the process may die once it is on record.
            rotation.Approved.Add(by);
        }

        world.Do(head => head.Get<ApprovalDesk>().DecideAsync(
            id, new ControlMessage(verb, by, "looked at it"), new Decider(by, ["approver"]), null, default));
    }

    private void Say(StartedRotation rotation, ControlVerb verb, string by) => _hands.Say(rotation, verb, by);
}
