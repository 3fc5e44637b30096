using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>
/// Holds the world to the five promises after every event. It knows what is outside, what the catalog said and what people said; of the
/// product it asks only the ledger's books, to compare them with what is there.
/// </summary>
internal sealed class WorldWatch(WorldRun world)
{
    public const string NoLockOut = "no lock-out";
    public const string NoEarlyRevoke = "no early revoke";
    public const string OneAtATime = "one at a time";
    public const string NothingLost = "nothing lost";
    public const string NoLeaks = "no leaks";

    /// <summary>Timers fire, and vendors reckon, to the second.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    private readonly LeaseLimits _leases = new(world);
    private bool _ending;

    /// <summary>The first and the fourth promise, of a secret that something has touched.</summary>
    public void Check(Unit unit)
    {
        if (unit.MayBeLockedOutBy is { } by && (LockedOut(unit) is null || unit.IsLeft)
            && world.Engine.Find(by) is null or { HasEnded: true })
        {
            unit.MayBeLockedOutBy = null;
        }

        if (_leases.IsLeftWaiting(unit, Newest(unit)))
        {
            unit.MayBeLockedOutBy = unit.NewestId;
        }

        // In place, what is applied has to be delivered first: the gap is told in the plan.
        var isBetween = unit.Kind == UnitKind.Account && unit.IsRotating;
        if (!unit.IsLeft && unit.MayBeLockedOutBy is null && !isBetween && LockedOut(unit) is { } problem)
        {
            Break(NoLockOut, unit, problem);
        }

        Account(unit);
    }

    /// <summary>The third promise, before a call changes anything: who calls is the newest, or began before it was taken over.</summary>
    public void Moves(Unit unit, ProviderCall call, string what)
    {
        if (Lane.Current is { } lane && unit.Newest.Number > call.Number && lane.Began > unit.Newest.At)
        {
            Break(OneAtATime, unit, $"{call.RotationId} does \"{what}\" though number {unit.Newest.Number} has taken over.");
        }
    }

    /// <summary>The second promise, before a credential stops working by Rotunda's hand.</summary>
    public void Ends(Unit unit, WorldCredential credential, ProviderCall call, string how)
    {
        world.Counts.Ended++;
        if (!credential.Published || Lane.Current is { IsUndo: true } || unit.Kind is UnitKind.Leases
            || !world.Rotations.TryGetValue(call.RotationId, out var rotation) || rotation.IsEmergency
            || (how == AccountProvider.Replaces && !unit.Promoted.Contains(credential.Number)))
        {
            // What a rotation left that was taken over before its value was in use is on an idle account, and taken away from its targets.
            return;
        }

        CheckApproval(rotation, how);
        if (unit.Kind == UnitKind.Account)
        {
            return;
        }

        unit.Hold(world.True);
        CheckQuiet(rotation, credential, how);
    }

    /// <summary>As <see cref="Ends"/>, where a value ends by being taken away from those who accept it.</summary>
    public void Puts(Unit unit, Place place, string? text, ProviderCall call)
    {
        if (unit.Kind != UnitKind.Signing || Lane.Current is { IsUndo: true } || place.IsLeft || unit.IsLeft)
        {
            return;
        }

        place.IsByHand = false;

        // Nobody but those who check it knows such a value: it is there while one of them accepts it.
        foreach (var value in text?.Split('+').Where(value => unit.Find(value) is null) ?? [])
        {
            world.Take(unit, value, null, call.Number);
        }

        // What an emergency passed over has a key that nobody else accepts any more.
        foreach (var value in unit.MayBeLockedOutBy is null ? place.Text?.Split('+') ?? [] : [])
        {
            if (!Place.Accepts(text, value) && unit.Find(value) is { Published: true } dropped && unit.Promoted.Contains(dropped.Number))
            {
                Ends(unit, dropped, call, "drops");
            }
        }
    }

    /// <summary>The fifth promise, of every text that leaves an activity.</summary>
    public void Leaks(string? text, string where)
    {
        if (Vendors.HoldsValue(text))
        {
            throw world.Broken ??= new WorldBrokenException($"A value stands in the {where}.", NoLeaks);
        }
    }

    public void Ended(WorldInstance instance)
    {
        if (instance is { HasEnded: true, Output: RotationResult result } && world.Rotations.TryGetValue(instance.Id, out var rotation))
        {
            WorldCounts.Add(world.Counts.Ends, LedgerWords.Of(result.State));
            rotation.Unit.IsRotating &= rotation.Unit.NewestId != instance.Id;
            world.Tell(rotation.Unit, $"{instance.Id} ends: {result.State} {result.Reason}");
            world.Touch(rotation.Unit);
            Leaks(result.Reason, "result");
        }
    }

    /// <summary>What the whole time has left behind.</summary>
    public void AtTheEnd()
    {
        _ending = true;
        foreach (var unit in world.Units.Values)
        {
            Check(unit);
        }

        var verified = world.Head.Ledger.VerifyAuditAsync(default).GetAwaiter().GetResult();
        if (!verified.Intact)
        {
            throw new WorldBrokenException($"The audit's chain is broken at {verified.BrokenAt}: {verified.Problem}", NothingLost);
        }

        foreach (var row in Rows())
        {
            Leaks(row.Detail, $"audit, row {row.Sequence}");
        }
    }

    /// <summary>Why a client would be refused at this moment; null if none would.</summary>
    public string? LockedOut(Unit unit)
    {
        var places = unit.Places.Where(one => !one.Value.IsLeft).ToList();
        foreach (var (name, place) in places)
        {
            foreach (var text in new[] { place.Text, place.Loaded })
            {
                if (Place.Primary(text) is not { } used)
                {
                    continue;
                }

                if (unit.Kind == UnitKind.Signing)
                {
                    if (places.FirstOrDefault(other => other.Value.Loaded is { } known && !Place.Accepts(known, used)).Key is { } refuses)
                    {
                        return $"{refuses} refuses what {name} signs with.";
                    }
                }
                else if (!unit.Authenticates(used, world.True) && !_leases.HasEndedByItself(unit, used))
                {
                    return $"{Word(unit, used)}, which {name} uses, is refused.";
                }
            }
        }

        return null;
    }

    private void CheckApproval(StartedRotation rotation, string how)
    {
        var need = rotation.Plan.Strategy == Strategy.Retire ? Math.Max(rotation.Policy.Approval?.Need ?? 1, 1)
            : rotation.Plan.Strategy == Strategy.Deliver ? 0
            : rotation.Policy.Approval?.Need ?? 0;
        var given = rotation.Approved.Count(person => !Actors.IsSame(person, rotation.Plan.RequestedBy));
        if (given < need)
        {
            Break(
                NoEarlyRevoke, rotation.Unit,
                $"{rotation.Plan.RotationId} {how} a credential, and {given} people of {need} have approved.");
        }
    }

    private void CheckQuiet(StartedRotation rotation, WorldCredential credential, string how)
    {
        var (policy, unit) = (rotation.Policy, rotation.Unit);
        var quiet = world.True - credential.LastHeld + s_slack;
        if (rotation.Skipped)
        {
            return;
        }

        if (quiet < GraceOf(policy))
        {
            Break(
                NoEarlyRevoke, unit,
                $"{rotation.Plan.RotationId} {how} {credential.Id}, which was used until {credential.LastHeld:u}, at {world.True:u}: the "
                    + $"grace is {DurationText.Format(GraceOf(policy))}.");
        }

        if (policy.Evidence is { OnTimeout: EvidenceTimeoutAction.Stuck } evidence && WorldPolicies.HasEvidence(unit.Kind)
            && quiet < evidence.QuietFor)
        {
            Break(NoEarlyRevoke, unit, $"{rotation.Plan.RotationId} {how} {credential.Id} without evidence.");
        }
    }

    /// <summary>As the catalog's page tells it, and not by the product's own reckoning.</summary>
    private static TimeSpan GraceOf(Policy policy) =>
        policy.Strategy == Strategy.DualKey && policy.TokenLifetime > policy.Grace ? policy.TokenLifetime.Value : policy.Grace;

    /// <summary>The fourth promise: what is live is on record as live, and what is over has left nothing half done.</summary>
    private void Account(Unit unit)
    {
        var ledger = world.Head.Ledger;
        var name = unit.Policy.Name;
        if (ledger.GetSecretAsync(name, default).GetAwaiter().GetResult() is not { } secret)
        {
            return;
        }

        var rows = ledger.ListCredentialsAsync(name, default).GetAwaiter().GetResult();
        if (world.Engine.UnderWay == 0)
        {
            foreach (var live in unit.Credentials.Where(one => IsThere(unit, one)))
            {
                if (!rows.Any(row => row.State != CredentialState.Revoked && IsOf(row, live, secret.Salt)) && !EndsUnseen(live))
                {
                    Break(
                        NothingLost, unit,
                        $"{live.Id} (label {live.Label ?? "none"}, of number {live.Number}) is live, and the ledger does not know: "
                            + string.Join("; ", rows.Select(row => $"#{row.Id} {row.State} {row.ProviderCredentialId} {row.Label}")));
                }
            }
        }

        if (secret.ActiveRotationId is null && HasSucceeded(unit)
            && rows.FirstOrDefault(row => row.State is CredentialState.Minting or CredentialState.Pending or CredentialState.Previous
                or CredentialState.Revoking) is { } left)
        {
            Break(NothingLost, unit, $"Its last rotation has succeeded, and credential #{left.Id} is left as {left.State}.");
        }
    }

    private bool IsThere(Unit unit, WorldCredential one) =>
        one is { Ended: false, IsOurs: true } && !(one.EndsAt <= world.True)
        && (unit.Kind != UnitKind.Signing || unit.Places.Values.Any(place =>
            place is { IsLeft: false, IsByHand: false } && Place.Accepts(place.Text, one.Value)));

    private bool HasSucceeded(Unit unit) =>
        Newest(unit) is { Output: RotationResult { State: RotationState.Succeeded } } && world.Engine.UnderWay == 0;

    private static bool IsOf(CredentialRecord row, WorldCredential live, string salt)
    {
        if (row.ProviderCredentialId == live.Id || (live.Label is { } label && row.Label == label))
        {
            return true;
        }

        return row.Fingerprint is { } print && print == Print(live.Value, salt);
    }

    public static string Print(string value, string salt)
    {
        using var secret = SecretValue.FromText(value);
        return Fingerprint.Of(secret, salt);
    }

    /// <summary>A lease has no label: one whose answer was lost is on record by the time at which it ends.</summary>
    private bool EndsUnseen(WorldCredential live) =>
        live.EndsAt is not null && world.True - live.MadeAt <= VaultProvider.Ttl + TimeSpan.FromHours(1);

    private WorldInstance? Newest(Unit unit) => world.Newest(unit) is { } rotation ? world.Engine.Find(rotation.Plan.RotationId) : null;

    private string Word(Unit unit, string value) =>
        unit.Find(value) is { } credential
            ? $"{credential.Id} ("
                + (credential.Ended ? "ended" : credential.Disabled ? "disabled" : credential.EndsAt <= world.True ? "over" : "live") + ")"
            : "a value that nobody knows";

    private IEnumerable<AuditRow> Rows()
    {
        for (var after = 0L; ;)
        {
            var page = world.Head.Ledger.ReadAuditAsync(new AuditFilter(after), default).GetAwaiter().GetResult();
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].Sequence;
        }
    }

    private void Break(string promise, Unit unit, string problem)
    {
        if (world.Sabotage.Only is { } only && only != promise)
        {
            return;
        }

        var text = $"{unit.Policy.Name} ({unit.Kind}) at {world.True:u}{(_ending ? ", at the end" : "")}: {problem}";
        world.Tell(unit, $"BROKEN {promise}: {problem}");
        // Whoever called may take it for a failure of the vendor: the world itself ends with it.
        throw world.Broken ??= new WorldBrokenException(text, promise);
    }
}
