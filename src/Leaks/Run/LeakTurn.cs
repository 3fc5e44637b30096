using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Run;

/// <summary>
/// The activity that takes one turn for a leaked credential: looks in the ledger where it stands, and does what brings its end nearer, as
/// the catalog says. A credential in use, or about to be, is replaced by an emergency rotation; one in its grace period loses the rest of
/// that; an orphan is revoked; about any other a person is asked.
/// </summary>
public sealed class LeakTurn(ILedger ledger, ILeakDesk desk)
{
    /// <summary>So many rotations are started for one leak; then a person has to look.</summary>
    public const int MostStarts = 3;

    private const int LookedBack = 500;
    private const string By = "leak-intake";

    public async Task<LeakTurnResult> RunAsync(LeakTurnInput input, CancellationToken cancellationToken)
    {
        var leak = input.Leak;
        if (await FindAsync(leak, cancellationToken) is not { } credential)
        {
            return new LeakTurnResult("given-up", "The ledger knows this credential no more.");
        }

        var last = input.Last ?? new LeakTurnResult("waiting", "");
        return credential.State switch
        {
            CredentialState.Revoked => await DeadAsync(leak, credential, last, cancellationToken),
            CredentialState.HandedOver => await AskAsync(
                leak, credential, last, last, "it was handed over to a person: end it by hand at its provider", cancellationToken),
            _ when Answer(credential) == LeakAnswerKind.Ask => await AskAsync(
                leak, credential, last, last, "the catalog leaves it to a person", cancellationToken),
            CredentialState.Orphan => await RevokeOrphanAsync(leak, credential, last, cancellationToken),
            CredentialState.Previous or CredentialState.Revoking => await EndGraceAsync(leak, credential, last, cancellationToken),
            _ => await RotateAsync(leak, credential, last, cancellationToken),
        };
    }

    private LeakAnswerKind Answer(CredentialRecord credential)
    {
        var catalog = desk.Catalog;
        return (catalog?.Leaks ?? LeakPolicy.Usual).AnswerFor(catalog?.Policies.GetValueOrDefault(credential.Secret));
    }

    /// <summary>Also where the secret goes on under another name.</summary>
    private async Task<CredentialRecord?> FindAsync(LeakInput leak, CancellationToken cancellationToken)
    {
        for (string? name = leak.Secret; name is not null;)
        {
            if ((await ledger.ListCredentialsAsync(name, cancellationToken)).FirstOrDefault(one => one.Id == leak.Credential) is { } found)
            {
                return found;
            }

            name = (await ledger.GetSecretAsync(name, cancellationToken))?.RenamedTo;
        }

        return null;
    }

    private async Task<LeakTurnResult> RotateAsync(
        LeakInput leak, CredentialRecord credential, LeakTurnResult last, CancellationToken cancellationToken)
    {
        var secret = await ledger.GetSecretAsync(credential.Secret, cancellationToken);
        if (secret?.ActiveRotationId is { } open
            && await ledger.GetRotationAsync(open, cancellationToken) is { Trigger: RotationTrigger.Emergency } emergency
            && emergency.Number > credential.RotationNumber)
        {
            return await FollowAsync(leak, credential, last, emergency, cancellationToken);
        }

        if (last.Starts >= MostStarts)
        {
            return await AskAsync(
                leak, credential, last, last, $"{last.Starts} emergency rotations for it did not end it", cancellationToken);
        }

        // The key is the leak's and the attempt's: a turn that is taken again after a crash finds the rotation that it has started.
        var start = await desk.StartEmergencyAsync(
            credential.Secret, $"A value in use was found outside: {leak.Where}", leak.By, leak.Incident,
            string.Create(CultureInfo.InvariantCulture, $"leak:{leak.Credential}:{last.Starts}:{leak.FoundAt.UtcTicks}"),
            cancellationToken);
        return start switch
        {
            { RotationId: { } rotation } => last with
            {
                State = "rotating", RotationId = rotation, Starts = last.Starts + 1,
                Message = $"The emergency rotation {rotation} replaces it. Follow it with: rotunda show {rotation} --follow",
            },
            { Refusal: { } refusal } => await AskAsync(
                leak, credential, last, last, $"no rotation can be started: {refusal}", cancellationToken),
            _ => last with { State = "waiting", Message = "The emergency rotation starts in a moment." },
        };
    }

    /// <summary>An emergency that stands still needs a person, and its own notices say so too.</summary>
    private async Task<LeakTurnResult> FollowAsync(
        LeakInput leak, CredentialRecord credential, LeakTurnResult last, RotationRecord emergency, CancellationToken cancellationToken)
    {
        var follows = last with
        {
            State = "rotating", RotationId = emergency.Id, Starts = Math.Max(last.Starts, 1),
            Message = $"The emergency rotation {emergency.Id} replaces it. Follow it with: rotunda show {emergency.Id} --follow",
        };
        return emergency.State is RotationState.Stuck
            ? await AskAsync(leak, credential, follows, last, $"the emergency rotation {emergency.Id} is stuck", cancellationToken)
            : follows;
    }

    private async Task<LeakTurnResult> EndGraceAsync(
        LeakInput leak, CredentialRecord credential, LeakTurnResult last, CancellationToken cancellationToken)
    {
        var secret = await ledger.GetSecretAsync(credential.Secret, cancellationToken);
        var open = secret?.ActiveRotationId is { } id ? await ledger.GetRotationAsync(id, cancellationToken) : null;
        if (open is null)
        {
            // No rotation will revoke it any more: an emergency takes over all that lives.
            return await RotateAsync(leak, credential, last, cancellationToken);
        }

        var ending = last with
        {
            State = "ending", RotationId = open.Id,
            Message = $"Rotation {open.Id} revokes it now. Follow it with: rotunda show {open.Id} --follow",
        };
        if (credential.State == CredentialState.Revoking || open.State is RotationState.Running or RotationState.Planned)
        {
            return ending;
        }

        if (open.State is RotationState.Grace)
        {
            var reason = $"the old value was found outside: {leak.Where} ({leak.Incident})";
            var why = await desk.EndGraceAsync(open.Id, reason, cancellationToken);
            if (why is null && last.State != "ending")
            {
                await AuditAsync(AuditActions.LeakEnding, leak, credential, ending.Message, cancellationToken);
            }

            // It waits for evidence, or for what a person has to bring to its targets: that is not skipped without one.
            return why is null ? ending : await AskAsync(
                leak, credential, ending, last, $"rotation {open.Id}, which is to revoke it, cannot do that at once ({why.TrimEnd('.')})",
                cancellationToken);
        }

        return await AskAsync(
            leak, credential, ending, last, $"rotation {open.Id}, which is to revoke it, waits for a person", cancellationToken);
    }

    private async Task<LeakTurnResult> RevokeOrphanAsync(
        LeakInput leak, CredentialRecord credential, LeakTurnResult last, CancellationToken cancellationToken)
    {
        var why = await desk.RevokeOrphanAsync(credential.Id, $"found outside: {leak.Where} ({leak.Incident})", cancellationToken);
        return why is null
            ? last with { State = "ending", Message = $"The orphan #{credential.Id} is being revoked. See: rotunda orphans" }
            : await AskAsync(leak, credential, last, last, why, cancellationToken);
    }

    /// <param name="before">As the turn found it: who was asked the same is not asked again.</param>
    private async Task<LeakTurnResult> AskAsync(
        LeakInput leak,
        CredentialRecord credential,
        LeakTurnResult last,
        LeakTurnResult before,
        string why,
        CancellationToken cancellationToken)
    {
        var how = credential.State is CredentialState.HandedOver or CredentialState.Orphan
            ? "rotunda orphans"
            : last.RotationId is { } rotation && credential.State is CredentialState.Previous ? $"rotunda show {rotation}"
            : $"rotunda rotate {credential.Secret} --emergency --incident {leak.Incident} --reason leaked";
        var message = $"A value of {credential.Secret} that works was found outside ({leak.Where}), and {why}. "
            + $"Until it is dead, whoever has it can use it. Act with: {how}";
        if (before.State != "asked" || before.Message != message)
        {
            await desk.SendAsync(
                new LeakNotice(
                    NoticeKind.LeakFound, credential.Secret, last.RotationId, Condition(leak),
                    $"{credential.Secret}: a value that works was found outside", message)
                {
                    Episode = before.Asks == 0 ? null : before.Asks.ToString(CultureInfo.InvariantCulture),
                },
                cancellationToken);
            await AuditAsync(AuditActions.LeakAsked, leak, credential, why, cancellationToken);
            last = last with { Asks = before.Asks + 1 };
        }

        return last with { State = "asked", Message = message };
    }

    private async Task<LeakTurnResult> DeadAsync(
        LeakInput leak, CredentialRecord credential, LeakTurnResult last, CancellationToken cancellationToken)
    {
        var at = credential.RevokedAt ?? desk.Now;
        var minutes = Math.Max(0, Math.Ceiling((at - leak.FoundAt).TotalMinutes));
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"The leaked value of {credential.Secret} is dead since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {minutes} min after it was "
                + $"reported ({leak.Incident}).");
        var filter = new AuditFilter(Secret: credential.Secret, Limit: LookedBack) { BeforeSequence = long.MaxValue };
        if (!(await ledger.ReadAuditAsync(filter, cancellationToken)).Any(row =>
            row.Action == AuditActions.LeakDead && LeakDetail.Of(row.Detail) is { } told && told.Credential == credential.Id
            && told.Incident == leak.Incident))
        {
            await desk.SendAsync(
                new LeakNotice(
                    NoticeKind.LeakDead, credential.Secret, last.RotationId, Condition(leak),
                    $"{credential.Secret}: the leaked value is dead", message) { Ends = true },
                cancellationToken);
            await AuditAsync(AuditActions.LeakDead, leak, credential, message, cancellationToken);
        }

        return last with { State = "dead", Message = message, DeadAt = at };
    }

    private Task AuditAsync(
        string action, LeakInput leak, CredentialRecord credential, string message, CancellationToken cancellationToken) =>
        ledger.AuditAsync(
            new AuditEntry(
                By, action, credential.Secret, null, null,
                new LeakDetail(
                    credential.Id, credential.Fingerprint, LedgerWords.Of(credential.State), leak.Where, leak.Incident, message).ToText()),
            cancellationToken);

    private static string Condition(LeakInput leak) =>
        string.Create(CultureInfo.InvariantCulture, $"leak {leak.Credential} {leak.FoundAt.UtcTicks}");
}
