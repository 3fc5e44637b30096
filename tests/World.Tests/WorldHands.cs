using System.Globalization;
using Rotunda.Api.Desk;
using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>What people do: at the desk, in the catalog, at vendors.</summary>
internal sealed class WorldHands(WorldRun world)
{
    private int _incidents;

    /// <summary>What a seed has planned for a secret.</summary>
    public void Happen(WorldEvent one, Unit unit)
    {
        switch (one.Kind)
        {
            case WorldEventKind.Emergency:
                Emergency(unit, one.Name);
                break;
            case WorldEventKind.Manual:
                Start(unit, new StartRequest(unit.Policy.Name, RotationTrigger.Manual, "a person wants it", "alice"));
                break;
            case WorldEventKind.Deliver:
                Deliver(unit, "to be sure");
                break;
            case WorldEventKind.Verb when world.Newest(unit) is { } rotation && unit.IsRotating:
                Say(
                    rotation,
                    world.Luck.Of(
                        one.Name, ControlVerb.Cancel, ControlVerb.Rollback, ControlVerb.Resume, ControlVerb.Pause, ControlVerb.ExtendGrace),
                    "carol");
                break;
            case WorldEventKind.ConsumerRestart:
                unit.Restart(world.True);
                break;
            case WorldEventKind.Pause:
                world.Do(head => head.Ledger.PauseAsync(
                    PauseScope.OfSecret(unit.Policy.Name), world.Wall + TimeSpan.FromDays(1 + world.Luck.Below(one.Name, 9)), "a migration",
                    "carol", default));
                break;
            default:
                Edit(one, unit);
                break;
        }
    }

    public void Emergency(Unit unit, string name) => Start(unit, new StartRequest(
        unit.Policy.Name, RotationTrigger.Emergency, "it leaked", "carol",
        string.Create(CultureInfo.InvariantCulture, $"INC-{++_incidents}"), RevokeFirst: world.Luck.Is(name + "/first", 0.2)));

    public void Deliver(Unit unit, string why) => Start(unit, new StartRequest(unit.Policy.Name, RotationTrigger.Manual, why, "bob")
    {
        Instead = Strategy.Deliver,
    });

    public void Start(Unit unit, StartRequest request)
    {
        world.Tell(unit, $"{request.RequestedBy} asks for {request.Instead?.ToString() ?? request.Trigger.ToString()}");
        world.Do(async head =>
        {
            var outcome = await head.Get<RotationDesk>().StartAsync(request, default);
            world.Watch.Leaks(outcome.Message, "desk's answer");
            world.Tell(unit, $"the desk: {outcome.Kind} {outcome.Message}");
        });
    }

    public void Say(StartedRotation rotation, ControlVerb verb, string by)
    {
        var id = rotation.Plan.RotationId;
        if (verb == ControlVerb.SkipGrace)
        {
            rotation.Skipped = true;
        }

        world.Do(async head =>
        {
            var message = new ControlMessage(verb, by, "it is better so", TimeSpan.FromHours(5));
            var outcome = await head.Get<RotationControl>().SendAsync(id, message, default);
            world.Watch.Leaks(outcome.Message, "desk's answer");
            world.Tell(rotation.Unit, $"{by} says {verb} to {id}: {outcome.Kind} {outcome.Message}");
        });
    }

    /// <summary>A person makes a key and gives its value; or first one that does not work.</summary>
    public void Provide(StartedRotation rotation, bool wrong)
    {
        var unit = rotation.Unit;
        var key = world.Mint(unit, null, 0);
        (key.IsOurs, key.Ended) = (false, wrong);
        world.Tell(unit, $"alice gives {key.Id}{(wrong ? ", which does not work" : "")}");
        world.Do(async head =>
        {
            using var value = SecretValue.FromText(key.Value);
            var result = await head.Get<ProvideDesk>().ProvideAsync(rotation.Plan.RotationId, value, "alice", default);
            world.Watch.Leaks(result?.Message, "desk's answer");
            world.Tell(unit, $"the desk: {result?.Kind} {result?.Message}");
            key.IsOurs = result is { Kind: Activities.Supplied.IntakeKind.Taken } && !wrong;
        });
    }

    /// <summary>To a target that is on no plan a person brings what the others have, or takes the value back out of the store.</summary>
    public void BringOld(Unit unit)
    {
        var others = unit.Places.Values.Where(one => one is { IsLeft: false, IsByHand: false, Text: not null });
        var text = others.FirstOrDefault()?.Text ?? InUse(unit);
        foreach (var place in unit.Places.Values.Where(one => one is { IsLeft: false, IsByHand: true }))
        {
            unit.Put(place, text, world.True);
            place.Loaded = text;
        }

        world.Tell(unit, "alice brings the old value to the targets that were filled by hand");
    }

    /// <summary>A person ends what no API ends, and says so.</summary>
    public void EndByHand(StartedRotation rotation)
    {
        var unit = rotation.Unit;
        unit.Hold(world.True);
        foreach (var old in unit.Credentials.Where(one => !one.Ended && one.LastHeld < world.True && one.Number == 0 && one.Published))
        {
            world.Tell(unit, $"alice ends {old.Id} at its vendor");
            old.Ended = true;
        }

        Say(rotation, ControlVerb.Confirm, "alice");
    }

    /// <summary>A person looks at each orphan, ends it at its vendor unless somebody uses it, and says so.</summary>
    public void SettleOrphans()
    {
        IReadOnlyList<CredentialRecord> orphans = [];
        world.Do(async head => orphans = await head.Get<OrphanDesk>().ListAsync(default));
        foreach (var orphan in orphans)
        {
            if (world.UnitOf(orphan.Secret) is not { } unit
                || world.Head.Ledger.GetSecretAsync(orphan.Secret, default).GetAwaiter().GetResult() is not { } secret)
            {
                continue;
            }

            unit.Hold(world.True);
            var live = unit.Credentials.Where(one => !one.Ended && IsOf(orphan, one, secret.Salt)).ToList();
            var used = live.Exists(one => one.Published && one.LastHeld == world.True);
            if (!used)
            {
                live.ForEach(one => one.Ended = true);
            }

            world.Tell(unit, $"bob settles orphan #{orphan.Id}: {(used ? "kept" : "revoked")}");
            world.Do(head => head.Get<OrphanDesk>().SettleAsync(
                orphan.Id, used ? SettleKind.Kept : SettleKind.Revoked, "bob", "looked at it", default));
            world.Touch(unit);
        }
    }

    /// <summary>As the ledger has it.</summary>
    private string? InUse(Unit unit)
    {
        var (ledger, name) = (world.Head.Ledger, unit.Policy.Name);
        var active = ledger.ListCredentialsAsync(name, default).GetAwaiter().GetResult()
            .LastOrDefault(one => one.State == CredentialState.Active);
        var salt = ledger.GetSecretAsync(name, default).GetAwaiter().GetResult()?.Salt;
        return active is null || salt is null ? null : unit.Credentials.FindLast(one => IsOf(active, one, salt))?.Value;
    }

    private static bool IsOf(CredentialRecord orphan, WorldCredential one, string salt) =>
        orphan.ProviderCredentialId == one.Id || (one.Account is not null && one.Account == orphan.Account)
        || (orphan.Label is { } label && label == one.Label)
        || (orphan.Fingerprint is { } print && print == WorldWatch.Print(one.Value, salt));

    private void Edit(WorldEvent one, Unit unit)
    {
        var (policy, luck) = (unit.Policy, world.Luck);
        switch (one.Kind)
        {
            case WorldEventKind.AddTarget:
                var number = unit.Places.Count + 1;
                // Somebody has copied what is in use there, by hand.
                var place = new Place { IsByHand = true };
                unit.Places.Add($"place-{number}", place);
                var text = unit.Places.Values.FirstOrDefault(other => !other.IsLeft && other.Loaded is not null)?.Loaded;
                unit.Put(place, text, world.True);
                place.Loaded = text;
                if (unit.IsRotating && world.Newest(unit) is { IsEmergency: true })
                {
                    // It waits for nothing: what it passes over is on record.
                    unit.MayBeLockedOutBy = unit.NewestId;
                }

                world.Edit(unit, before => before with
                {
                    Targets = [.. before.Targets, WorldPolicies.Target(unit.Number, number, luck.Below(one.Name, 2))],
                });
                break;
            case WorldEventKind.DropTarget when policy.Targets.Count > 1:
                unit.Hold(world.True);
                unit.Places[policy.Targets[0].Name].IsLeft = true;
                world.Edit(unit, before => before with { Targets = [.. before.Targets.Skip(1)] });
                break;
            case WorldEventKind.EditPolicy:
                world.Edit(unit, before => before with
                {
                    Grace = unit.Kind == UnitKind.Account
                        ? TimeSpan.Zero : luck.Between(one.Name, TimeSpan.FromHours(1), TimeSpan.FromDays(4)),
                    Approval = unit.Kind == UnitKind.Leases || luck.Is(one.Name + "/none", 0.7)
                        ? null : WorldPolicies.Approval(one.Name, luck),
                });
                break;
            case WorldEventKind.Rename when !unit.IsRotating:
                var name = $"{policy.Name.Split("-was")[0]}-was{one.Name.Split('/')[^1]}";
                world.Edit(unit, before => before with { Name = name, Was = before.Name });
                break;
            case WorldEventKind.Leave when !unit.IsRotating && unit.Kind is not UnitKind.Leases:
                unit.IsInCatalog = false;
                world.Edit(unit, before => before);
                world.After(TimeSpan.FromDays(2), () => Retire(unit));
                break;
            default:
                break;
        }
    }

    /// <summary>Its clients are gone: a person retires it.</summary>
    private void Retire(Unit unit)
    {
        unit.Hold(world.True);
        unit.IsLeft = true;
        foreach (var place in unit.Places.Values)
        {
            place.IsLeft = true;
        }

        Start(unit, new StartRequest(unit.Policy.Name, RotationTrigger.Manual, "nobody uses it any more", "carol")
        {
            Instead = Strategy.Retire,
        });
    }
}
