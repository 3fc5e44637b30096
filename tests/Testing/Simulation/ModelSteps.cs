using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>
/// The step kinds on the model world, written as the real ones have to be: each looks before it acts, may be run again at
/// any time, and may die between any two of its effects (<paramref name="mayCrash"/>).
/// </summary>
/// <param name="looksAtTheBeginning">False to prove that without that look the promises break.</param>
public sealed class ModelSteps(ModelWorld world, Action mayCrash, bool looksAtTheBeginning = true)
{
    public StepOutcome Run(StepInput input)
    {
        if (input.Number < world.Fence)
        {
            return StepOutcome.Fenced($"rotation {world.Fence} has taken over");
        }

        var number = input.Number;
        return (input.Undo?.Kind ?? input.Step.Kind) switch
        {
            StepKinds.Generate => Generate(number),
            StepKinds.Issue => Issue(number),
            StepKinds.Ask => Ask(number),
            StepKinds.ConfirmRevoked => Confirm(number),
            StepKinds.Apply => Apply(number, input.Step.Settings[StepSettings.Account]),
            StepKinds.Validate when input.Step.Target is null && looksAtTheBeginning => Begin(number),
            StepKinds.Verify =>
                world.Live.ContainsKey(Value(number, input.Step.Settings.GetValueOrDefault(StepSettings.Primary, StepSettings.New))!.Value)
                    ? StepOutcome.Done()
                    : StepOutcome.Rejected("the value does not authenticate"),
            StepKinds.Deliver => Deliver(number, input.Step),
            StepKinds.Promote => Promote(number),
            StepKinds.Evidence => Prove(number),
            StepKinds.Hold => Release(number),
            StepKinds.Revoke when Is(input.Step.Settings, StepSettings.Confirms) => LeaveToPerson(number),
            StepKinds.Revoke => Revoke(
                number, Is(input.Step.Settings, StepSettings.Retire), Is(input.Step.Settings, StepSettings.Others)),
            StepKinds.Disable => Disable(number),
            StepKinds.Enable => Enable(),
            StepKinds.DiscardPending => Discard(number),
            StepKinds.RevokeNew => RevokeNew(number),
            StepKinds.ReapplyOld => ReapplyOld(number, Is(input.Undo!.Settings, StepSettings.Level)),
            StepKinds.Redeliver => Redeliver(number, input.Undo!),
            StepKinds.Unpromote => Unpromote(number),
            StepKinds.Backup => Keep(number, keeps: true),
            StepKinds.DropBackup => Keep(number, keeps: false),
            StepKinds.Migrate or StepKinds.VerifyRows => Move(New(number).Value),
            StepKinds.RestoreRows => Move(world.OldOf(number).Value),
            _ => StepOutcome.Done(),
        };
    }

    public StepOutcome Record(RecordInput record) =>
        world.Records.TryAdd((record.Number, record.Sequence), record) ? StepOutcome.Done()
        : world.Records[(record.Number, record.Sequence)] == record ? StepOutcome.AlreadyDone()
        : throw new PromiseBrokenException($"Two records with the number {record.Sequence}.");

    /// <summary>The value in use works, and the account that is to take the new one is idle: else nothing is touched.</summary>
    private StepOutcome Begin(int number)
    {
        var plan = world.Plans[number];
        if (plan.Strategy is not (Strategy.Alternate or Strategy.InPlace)
            || plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.Apply) is not { } apply)
        {
            return StepOutcome.Done();
        }

        var account = apply.Settings[StepSettings.Account];
        var isOurs = world.Rows.Any(r => r.State != CredentialState.Revoked && r.Account == account);
        if (plan.Strategy == Strategy.Alternate
            && !isOurs
            && world.Accounts.TryGetValue(account, out var stands)
            && world.Live.ContainsKey(stands))
        {
            return StepOutcome.Rejected($"the account {account} is not idle");
        }

        // In place, what an interrupted rotation had set may be in use already.
        var known = world.Rows.Where(r => r == world.OldOf(number)
            || (plan.Strategy == Strategy.InPlace && r.State != CredentialState.Revoked));
        if (known.Any(r => world.Live.ContainsKey(r.Value)))
        {
            world.Refused.Remove(number);
            return StepOutcome.Done();
        }

        return plan.Trigger == RotationTrigger.Emergency && world.Refused.Add(number) is var _
            ? StepOutcome.Done((StepFacts.Refused, "refused"))
            : StepOutcome.Rejected("the value in use does not authenticate");
    }

    private StepOutcome Generate(int number)
    {
        if (world.NewOf(number) is not null)
        {
            return StepOutcome.AlreadyDone();
        }

        world.Rows.Add(new ModelRow(number) { Value = ++world.LastValue, State = CredentialState.Pending });
        return StepOutcome.Done();
    }

    private StepOutcome Issue(int number)
    {
        var row = world.NewOf(number);
        if (row is { State: not CredentialState.Minting })
        {
            return StepOutcome.AlreadyDone();
        }

        if (row is null)
        {
            world.Rows.Add(row = new ModelRow(number));
            mayCrash();
        }

        Learn(row);
        if (row.Value == 0)
        {
            var value = ++world.LastValue;
            world.Live[value] = number;
            mayCrash();
            row.Value = value;
        }

        row.State = CredentialState.Pending;
        return StepOutcome.Done();
    }

    /// <summary>The person is late, gives a value that does not do, gives one twice, or none at all.</summary>
    private StepOutcome Ask(int number)
    {
        if (world.NewOf(number) is { State: not CredentialState.Minting })
        {
            return StepOutcome.AlreadyDone();
        }

        var looks = world.Looks[number] = world.Looks.GetValueOrDefault(number) + 1;
        return (number % 5 == 4 && looks < 300) || looks <= number % 4 ? StepOutcome.RetryLater("no value has been given yet")
            : looks == (number % 4) + 1 && number % 2 == 0 ? StepOutcome.RetryLater("it is refused") with
            {
                Facts = new Dictionary<string, string> { [StepFacts.Refusal] = "no login" },
            }
            : Issue(number);
    }

    private StepOutcome LeaveToPerson(int number)
    {
        world.Rows.Where(r => r.Rotation != number && r.State != CredentialState.Revoked).ToList()
            .ForEach(r => r.State = CredentialState.Revoking);
        return StepOutcome.Done();
    }

    /// <summary>A person ends the old one, sooner or later.</summary>
    private StepOutcome Confirm(int number)
    {
        var looks = world.Ends[number] = world.Ends.GetValueOrDefault(number) + 1;
        return looks <= number % 3 && world.Rows.Any(r => r.State == CredentialState.Revoking)
            ? StepOutcome.RetryLater("the old credential still works")
            : Revoke(number, retires: false);
    }

    /// <summary>Finds by its label what was made but not put on record.</summary>
    private void Learn(ModelRow row)
    {
        if (row.Value == 0)
        {
            row.Value = world.Live.LastOrDefault(l => l.Value == row.Rotation && world.Rows.All(r => r.Value != l.Key)).Key;
        }
    }

    private StepOutcome Apply(int number, string account)
    {
        var row = New(number);
        row.Account = account;
        world.Applied.Add(number);
        Set(row.Account, row.Value, number);
        return StepOutcome.Done();
    }

    private void Set(string account, int value, int label)
    {
        if (world.Accounts.TryGetValue(account, out var stands) && stands != value)
        {
            world.Live.Remove(stands);
            foreach (var row in world.Rows.Where(r => r.Value == stands
                && r.State != CredentialState.Active
                && r.State != CredentialState.Pending))
            {
                row.State = CredentialState.Revoked;
            }
        }

        world.Accounts[account] = value;
        world.Live[value] = label;
    }

    private StepOutcome Deliver(int number, PlannedStep step)
    {
        if (!Is(step.Settings, StepSettings.Level))
        {
            world.Before.TryAdd((number, step.Target!), world.Targets[step.Target!]);
            mayCrash();
        }

        if (world.Plans[number].Strategy == Strategy.Deliver && step.Undo.Count > 0)
        {
            world.DeliveredAt[number] = world.Now;
        }

        if (Is(step.Settings, StepSettings.Withdraw))
        {
            world.Targets[step.Target!] = ModelDelivery.Nothing;
            world.WithdrawnAt[number] = world.Now;
            return StepOutcome.Done();
        }

        if (Is(step.Settings, StepSettings.Level) && world.Refused.Contains(number))
        {
            // What works stands there, and nobody here knows it.
            return StepOutcome.Done();
        }

        world.Targets[step.Target!] = Render(number, step.Settings);
        return StepOutcome.Done();
    }

    private ModelDelivery Render(int number, IReadOnlyDictionary<string, string> settings) => new(
        Value(number, settings[StepSettings.Primary])!.Value,
        settings.TryGetValue(StepSettings.Secondary, out var secondary) ? Value(number, secondary) : null);

    private int? Value(int number, string which) => which switch
    {
        StepSettings.New => New(number).Value,
        StepSettings.TakenOver => world.Rows.LastOrDefault(r => r.Rotation < number && r.State == CredentialState.Pending)?.Value,
        _ => world.OldOf(number).Value,
    };

    private static bool Is(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name) == "true";

    private StepOutcome Promote(int number)
    {
        var row = New(number);
        if (row.State == CredentialState.Active)
        {
            return StepOutcome.AlreadyDone();
        }

        var old = world.Active;
        world.ActiveBefore[number] = old;
        old.State = CredentialState.Previous;
        row.State = CredentialState.Active;
        world.PromotedAt[number] = world.Now;
        return StepOutcome.Done();
    }

    private StepOutcome Unpromote(int number)
    {
        if (world.NewOf(number) is not { State: CredentialState.Active } row)
        {
            return StepOutcome.AlreadyDone();
        }

        world.ActiveBefore[number].State = CredentialState.Active;
        row.State = CredentialState.Pending;
        return StepOutcome.Done();
    }

    private StepOutcome Prove(int number)
    {
        world.Proven.Add(number);
        return StepOutcome.Done();
    }

    private StepOutcome Release(int number)
    {
        world.Released.Add(number);
        return StepOutcome.Done();
    }

    /// <param name="retires">All of them.</param>
    /// <param name="allOthers">All but the one in use, which is not the rotation's own.</param>
    private StepOutcome Revoke(int number, bool retires, bool allOthers = false)
    {
        bool Ends(ModelRow row) => retires || (allOthers ? row.State != CredentialState.Active : row.Rotation != number);
        var others = world.Rows.Where(row => Ends(row) && row.State != CredentialState.Revoked).ToList();
        others.ForEach(r => r.State = CredentialState.Revoking);
        mayCrash();
        foreach (var row in others)
        {
            Learn(row);
            world.Live.Remove(row.Value);
            world.Disabled.Remove(row.Value);
            Lock(row);
            mayCrash();
            row.State = CredentialState.Revoked;
        }

        return StepOutcome.Done();
    }

    private StepOutcome Disable(int number)
    {
        foreach (var row in world.Rows.Where(r => r.Rotation != number && r.State != CredentialState.Revoked))
        {
            Learn(row);
            if (world.Live.Remove(row.Value, out var label))
            {
                world.Disabled[row.Value] = label;
            }

            mayCrash();
        }

        return StepOutcome.Done();
    }

    private StepOutcome Enable()
    {
        foreach (var (value, label) in world.Disabled.ToList())
        {
            world.Live[value] = label;
            mayCrash();
            world.Disabled.Remove(value);
        }

        return StepOutcome.Done();
    }

    /// <summary>An account that is taken in turn is locked whatever stands on it, unless it has the new value.</summary>
    private void Lock(ModelRow row)
    {
        if (world.Strategy == Strategy.Alternate
            && row.Account is { } account
            && world.Rows.All(r => r.State != CredentialState.Active || r.Account != account)
            && world.Accounts.TryGetValue(account, out var stands))
        {
            world.Live.Remove(stands);
        }
    }

    private StepOutcome RevokeNew(int number)
    {
        foreach (var value in world.Live.Where(l => l.Value == number).Select(l => l.Key).ToList())
        {
            world.Live.Remove(value);
            mayCrash();
        }

        return Discard(number);
    }

    private StepOutcome ReapplyOld(int number, bool levels)
    {
        if (world.NewOf(number) is not { } row)
        {
            return StepOutcome.AlreadyDone();
        }

        if (levels || world.Applied.Contains(number))
        {
            var old = world.OldOf(number);
            if (world.Refused.Contains(number))
            {
                // Whoever reads that starts another rotation, which takes over.
                world.Fence = Math.Max(world.Fence, number + 1);
                return StepOutcome.Rejected("the value on record did not work when this rotation began");
            }

            Set("a", old.Value, old.Rotation);
            mayCrash();
        }

        row.State = CredentialState.Revoked;
        return StepOutcome.Done();
    }

    private StepOutcome Redeliver(int number, PlannedUndo undo)
    {
        if (Is(undo.Settings, StepSettings.Level) && world.Refused.Contains(number))
        {
            return StepOutcome.Done();
        }

        var kept = world.Before.TryGetValue((number, undo.Target!), out var before);
        if (Is(undo.Settings, StepSettings.Level) || (kept && undo.Settings.ContainsKey(StepSettings.Secondary)))
        {
            world.Targets[undo.Target!] = Render(number, undo.Settings);
        }
        else if (kept)
        {
            world.Targets[undo.Target!] = before!;
        }

        return StepOutcome.Done();
    }

    private StepOutcome Discard(int number)
    {
        foreach (var row in world.Rows.Where(r => r.Rotation == number))
        {
            Learn(row);
            if (row.State != CredentialState.Active && !world.Live.ContainsKey(row.Value))
            {
                row.State = CredentialState.Revoked;
            }
        }

        return StepOutcome.Done();
    }

    private StepOutcome Keep(int number, bool keeps)
    {
        _ = keeps ? world.Backups.Add(number) : world.Backups.Remove(number);
        return StepOutcome.Done();
    }

    /// <summary>One row in a slice.</summary>
    private StepOutcome Move(int value)
    {
        var next = Array.FindIndex(world.Stored, under => under != value);
        if (next < 0)
        {
            return StepOutcome.Done();
        }

        world.Stored[next] = value;
        mayCrash();
        var done = world.Stored.Count(under => under == value);
        return done == world.Stored.Length
            ? StepOutcome.Done()
            : StepOutcome.Continue((StepFacts.Rows, $"{done}"), (StepFacts.Total, $"{world.Stored.Length}"));
    }

    private ModelRow New(int number) => world.NewOf(number) ?? throw new PromiseBrokenException($"Rotation {number} has no value here.");
}

/// <summary>A promise of the design does not hold.</summary>
public sealed class PromiseBrokenException(string message, Exception? inner = null) : Exception(message, inner);
