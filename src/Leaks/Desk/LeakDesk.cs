using System.Globalization;
using System.Text.Json;
using Rotunda.Leaks.Matching;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Run;
using Rotunda.Leaks.Views;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Desk;

/// <summary>
/// Where leaked values are reported. Each is compared with every fingerprint there is, in memory; what is kept is that a credential of the
/// ledger leaked, or only that an unknown value came. A hash of an unknown value is not kept: it might be somebody's password, which a
/// hash would let others try out.
/// </summary>
public sealed class LeakDesk(FingerprintSource source, ILedger ledger, ILeakDesk desk, IOrchestrationClient client)
{
    private const int MostListed = 200;
    private const int LookedBack = 500;
    private const int MostRead = 5000;

    private static readonly OrchestrationStatus[] s_open =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Stuck, OrchestrationStatus.Failed];

    private static readonly OrchestrationStatus[] s_ended = [OrchestrationStatus.Completed, OrchestrationStatus.Terminated];

    /// <param name="by">Who reports it.</param>
    /// <param name="incident">What rotations for it are started under; null for one made of the credential's id.</param>
    public async Task<IReadOnlyList<LeakAnswer>> ReportAsync(
        IReadOnlyList<Finding> findings, string by, string? incident, CancellationToken cancellationToken)
    {
        var index = await source.GetAsync(cancellationToken);
        var (answers, unknown, settled) = (new List<LeakAnswer>(), new List<string>(), new Dictionary<long, LeakAnswer>());
        foreach (var finding in findings)
        {
            var found = Match(index, finding, cancellationToken);
            if (found.Count == 0)
            {
                unknown.Add(finding.Where);
                answers.Add(new LeakAnswer(
                    finding.Where, "unknown",
                    "No secret here has, or had, this value. Nothing of it was kept. If it is yours, revoke it where it was issued."));
            }

            foreach (var (secret, id) in found)
            {
                if (!settled.TryGetValue(id, out var answer))
                {
                    answer = await AnswerAsync(secret, id, finding.Where, by, incident, cancellationToken);
                    settled[id] = answer;
                }

                answers.Add(answer with { Where = finding.Where });
            }
        }

        await RecordUnknownAsync(unknown, by, incident, cancellationToken);
        return answers;
    }

    /// <summary>Those that are looked after, and the newest of those that have ended; the newest first.</summary>
    public async Task<IReadOnlyList<LeakView>> ListAsync(CancellationToken cancellationToken)
    {
        var ended = (await ReadAsync(s_ended, cancellationToken)).Take(MostListed);
        return [.. (await OpenAsync(cancellationToken)).Concat(ended).OrderByDescending(leak => leak.FoundAt)];
    }

    /// <summary>Those that are looked after, or were until that failed: their values may work. The newest first.</summary>
    public Task<IReadOnlyList<LeakView>> OpenAsync(CancellationToken cancellationToken) => ReadAsync(s_open, cancellationToken);

    /// <summary>Null for one that is not known, or was cleared away after its end.</summary>
    public async Task<LeakView?> GetAsync(long id, CancellationToken cancellationToken) =>
        await client.GetAsync(InstanceOf(id), withInputsAndOutputs: true, cancellationToken) is { } state ? View(state) : null;

    /// <summary>False once the ledger knows that it is revoked.</summary>
    public async Task<bool> IsAliveAsync(string secret, long credential, CancellationToken cancellationToken)
    {
        for (string? name = secret; name is not null; name = (await ledger.GetSecretAsync(name, cancellationToken))?.RenamedTo)
        {
            if ((await ledger.ListCredentialsAsync(name, cancellationToken)).FirstOrDefault(one => one.Id == credential) is { } found)
            {
                return found.State != CredentialState.Revoked;
            }
        }

        return true;
    }

    private static List<(string Secret, long Credential)> Match(
        FingerprintIndex index, Finding finding, CancellationToken cancellationToken)
    {
        var found = new List<(string, long)>();
        foreach (var value in finding.Values)
        {
            using var forms = new ValueForms(value);
            foreach (var form in forms.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                found.AddRange(index.Find(form.RevealBytes()).Except(found));
            }
        }

        return found;
    }

    private async Task<LeakAnswer> AnswerAsync(
        string secret, long id, string where, string by, string? incident, CancellationToken cancellationToken)
    {
        var credential = (await ledger.ListCredentialsAsync(secret, cancellationToken)).First(one => one.Id == id);
        incident ??= string.Create(CultureInfo.InvariantCulture, $"LEAK-{id}");
        var detail = new LeakDetail(id, credential.Fingerprint, LedgerWords.Of(credential.State), where, incident);
        if (credential.State == CredentialState.Revoked)
        {
            await RecordAsync(AuditActions.LeakKnownDead, secret, by, detail, cancellationToken);
            return new LeakAnswer(
                where, "dead", $"It is dead already, since {Since(credential.RevokedAt)}: it was revoked, and nothing is to be done.",
                secret, credential.Fingerprint, null, incident, credential.RevokedAt);
        }

        // What leaked is on record before anything is done about it. The same leak, reported again, goes on under its first incident.
        if (await RunningAsync(id, cancellationToken) is { } running)
        {
            incident = running.Incident;
            await RecordAsync(AuditActions.LeakFound, secret, by, detail with { Incident = incident }, cancellationToken);
        }
        else
        {
            await RecordAsync(AuditActions.LeakFound, secret, by, detail, cancellationToken);
            await ScheduleAsync(new LeakInput(id, secret, by, where, incident, desk.Now), cancellationToken);
        }

        var catalog = desk.Catalog;
        var asks = (catalog?.Leaks ?? LeakPolicy.Usual).AnswerFor(catalog?.Policies.GetValueOrDefault(secret)) == LeakAnswerKind.Ask;
        return new LeakAnswer(
            where, WordOf(credential.State),
            string.Create(CultureInfo.InvariantCulture, $"{MessageOf(credential, asks)} See: rotunda leak --show {id}"),
            secret, credential.Fingerprint, id, incident);
    }

    /// <summary>Scanners run every night: the same find of the same leak is recorded once.</summary>
    private async Task RecordAsync(
        string action, string secret, string by, LeakDetail detail, CancellationToken cancellationToken)
    {
        var filter = new AuditFilter(Secret: secret, Limit: LookedBack) { BeforeSequence = long.MaxValue };
        if (!(await ledger.ReadAuditAsync(filter, cancellationToken)).Any(row =>
            row.Action == action && LeakDetail.Of(row.Detail) is { } told && told == detail))
        {
            await ledger.AuditAsync(new AuditEntry(by, action, secret, null, null, detail.ToText()), cancellationToken);
        }
    }

    private async Task RecordUnknownAsync(List<string> places, string by, string? incident, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
        {
            return;
        }

        const int shown = 5;
        var more = places.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {places.Count - shown} more") : "";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{places.Count} unknown: {string.Join("; ", places.Take(shown))}{more}{(incident is null ? "" : $" ({incident})")}");
        await ledger.AuditAsync(new AuditEntry(by, AuditActions.LeakUnknown, null, null, null, text), cancellationToken);
    }

    /// <summary>The look-after that runs; null for none.</summary>
    private async Task<LeakView?> RunningAsync(long id, CancellationToken cancellationToken) =>
        await client.GetAsync(InstanceOf(id), withInputsAndOutputs: true, cancellationToken) is { HasEnded: false } state
            ? View(state)
            : null;

    private async Task ScheduleAsync(LeakInput input, CancellationToken cancellationToken)
    {
        var id = InstanceOf(input.Credential);
        if (await client.GetAsync(id, withInputsAndOutputs: false, cancellationToken) is { HasEnded: true })
        {
            await client.PurgeAsync(new PurgeFilter(id), cancellationToken);
        }

        try
        {
            await client.ScheduleNewAsync(LeakNames.Orchestration, input, new StartOptions(id), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Reported twice at once: one look-after is enough.
        }
    }

    /// <summary>Instances come by their ids, so all are read for the newest.</summary>
    private async Task<IReadOnlyList<LeakView>> ReadAsync(OrchestrationStatus[] statuses, CancellationToken cancellationToken)
    {
        var (found, query) = (
            new List<LeakView>(),
            new OrchestrationQuery(statuses, LeakNames.InstancePrefix, PageSize: MostListed, WithInputsAndOutputs: true));
        do
        {
            var page = await client.QueryAsync(query, cancellationToken);
            found.AddRange(page.Instances.Select(View).OfType<LeakView>());
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null && found.Count < MostRead);

        return [.. found.OrderByDescending(leak => leak.FoundAt)];
    }

    private static LeakView? View(OrchestrationState state)
    {
        if (Read(state.Input, LeakJson.Default.LeakInput) is not { } input)
        {
            return null;
        }

        var last = Read(state.HasEnded ? state.Output : state.CustomStatus, LeakJson.Default.LeakTurnResult) ?? input.Last;
        return new LeakView(
            input.Credential, input.Secret, last?.State ?? "waiting",
            state.Failure?.Message ?? last?.Message ?? "It is looked at in a moment.",
            input.Where, input.Incident, input.By, input.FoundAt, last?.RotationId, last?.DeadAt);
    }

    private static T? Read<T>(string? text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string MessageOf(CredentialRecord credential, bool asks) => credential.State switch
    {
        CredentialState.Active or CredentialState.Minting =>
            "It is in use. " + (asks ? "A person is asked." : "An emergency rotation replaces it."),
        CredentialState.Pending => "It is about to be used. " + (asks ? "A person is asked." : "An emergency rotation replaces it."),
        CredentialState.Previous =>
            "It was replaced, and still works for its grace period. " + (asks ? "A person is asked." : "That ends now, and it is revoked."),
        CredentialState.Revoking => "It is being revoked.",
        CredentialState.Orphan => "It is an orphan that may work. " + (asks ? "A person is asked." : "It is revoked."),
        _ => "It was handed over to a person and may work. A person is asked.",
    };

    private static string WordOf(CredentialState state) => state switch
    {
        CredentialState.Active or CredentialState.Minting => "current",
        _ => LedgerWords.Of(state),
    };

    private static string Since(DateTimeOffset? at) =>
        at is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "before this ledger tells";

    private static string InstanceOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{LeakNames.InstancePrefix}{id}");
}
