using System.Globalization;
using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;

namespace Rotunda.Reports.Folding;

/// <summary>
/// Reads the audit from its first row to a moment, and keeps of it what reports tell. The same rows always give the same, so that whoever
/// has an export of the audit can count it again.
/// </summary>
internal sealed class AuditFold(DateTimeOffset from, DateTimeOffset until, Func<string, bool> sees)
{
    private static readonly HashSet<string> s_looks = new(StringComparer.Ordinal)
    {
        StepKinds.Verify, StepKinds.ConfirmSync, StepKinds.VerifyConsumers, StepKinds.VerifyRows, StepKinds.Evidence,
    };

    private readonly Dictionary<string, RotationStory> _rotations = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<LeakStory>> _leaks = [];

    public Dictionary<string, SecretStory> Secrets { get; } = new(StringComparer.Ordinal);

    public IEnumerable<LeakStory> Leaks => _leaks.Values.SelectMany(some => some);

    public IReadOnlyDictionary<string, RotationStory> Rotations => _rotations;

    /// <summary>When each credential was revoked, by the ledger's id.</summary>
    public Dictionary<long, DateTimeOffset> Deaths { get; } = [];

    public long Rows { get; private set; }

    public string Head { get; private set; } = new('0', 64);

    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>Rows of the time, of secrets that are seen.</summary>
    public long RowsInTime { get; private set; }

    public void Add(AuditRow row)
    {
        (Rows, Head, LastAt) = (row.Sequence, row.Hash, row.At);
        if (row.At >= until || row.Secret is not { } name || !sees(name))
        {
            return;
        }

        RowsInTime += row.At >= from ? 1 : 0;
        var secret = Secrets.TryGetValue(name, out var known) ? known : Secrets[name] = new SecretStory(name);
        if (row.RotationId is { } id)
        {
            AddToRotation(row, id, secret);
        }

        AddToSecret(row, secret);
    }

    private void AddToSecret(AuditRow row, SecretStory secret)
    {
        switch (row.Action)
        {
            case AuditActions.SecretAdopted:
                secret.AdoptedAt ??= row.At;
                break;
            case AuditActions.CredentialPromoted:
                var promoted = Credential(row);
                secret.InUse.Add(new ValueInUse(row.At, row.RotationId ?? "", promoted?.Credential, promoted?.Fingerprint));
                break;
            case AuditActions.CredentialUnpromoted when secret.InUse.Count > 0 && secret.InUse[^1].Rotation == row.RotationId:
                secret.InUse.RemoveAt(secret.InUse.Count - 1);
                break;
            case AuditActions.CredentialOrphaned when Credential(row) is { } orphan:
                secret.Orphans.Add(orphan.Credential);
                Note(row, secret.Exceptions, $"credential #{orphan.Credential} became an orphan: {orphan.Note}");
                break;
            case AuditActions.CredentialHandedOver when Credential(row) is { } given:
                secret.Orphans.Remove(given.Credential);
                Note(row, secret.Exceptions, $"credential #{given.Credential} was handed over to a person");
                break;
            case AuditActions.CredentialRevoked when Credential(row) is { } revoked:
                secret.Orphans.Remove(revoked.Credential);
                if (!secret.Made.Contains(revoked.Credential))
                {
                    secret.AdoptedDeadAt = row.At;
                }

                Die(revoked.Credential, row.At);
                break;
            case AuditActions.SecretRenamed:
                Rename(row, secret);
                break;
            case AuditActions.SecretCorrected:
                Note(row, secret.Exceptions, $"{row.Actor} corrected what is in use");
                break;
            case AuditActions.LeakFound or AuditActions.LeakKnownDead when LeakDetail.Of(row.Detail) is { } leak:
                AddLeak(row, secret, leak);
                break;
        }
    }

    /// <summary>Told twice: once under each name. The second is the new one, and takes over what was told of the first.</summary>
    private void Rename(AuditRow row, SecretStory secret)
    {
        using var detail = JsonDocument.Parse(row.Detail ?? "{}");
        var before = detail.RootElement.TryGetProperty("from", out var from) ? from.GetString() : null;
        if (before is null || before == secret.Name || !Secrets.Remove(before, out var story))
        {
            return;
        }

        (story.Name, Secrets[secret.Name]) = (secret.Name, story);
        foreach (var rotation in story.Rotations)
        {
            rotation.Secret = secret.Name;
        }
    }

    private void AddLeak(AuditRow row, SecretStory secret, LeakDetail detail)
    {
        var leaks = _leaks.TryGetValue(detail.Credential, out var some) ? some : _leaks[detail.Credential] = [];
        var leak = leaks.Find(one => one.Incident == detail.Incident);
        if (leak is null)
        {
            leaks.Add(leak = new LeakStory
            {
                Credential = detail.Credential, Secret = secret.Name, Fingerprint = detail.Fingerprint, State = detail.State,
                Incident = detail.Incident, FoundAt = row.At, ReportedBy = row.Actor,
                DeadAt = row.Action == AuditActions.LeakKnownDead ? row.At : null,
            });
            Note(row, secret.Exceptions, $"its value {detail.Fingerprint} ({detail.State}) was found outside, {detail.Incident}");
        }

        leak.Where.Add(detail.Where);
    }

    private void Die(long credential, DateTimeOffset at)
    {
        Deaths.TryAdd(credential, at);
        foreach (var leak in _leaks.GetValueOrDefault(credential) ?? [])
        {
            leak.DeadAt ??= at;
        }
    }

    private void AddToRotation(AuditRow row, string id, SecretStory secret)
    {
        if (row.Action == AuditActions.RotationPlanned && Planned(row) is { } planned)
        {
            var story = new RotationStory
            {
                Id = id, Secret = secret.Name, Number = planned.Number, Strategy = planned.Strategy, Trigger = planned.Trigger,
                Reason = planned.Reason, RequestedBy = row.Actor, Incident = planned.Incident, PlanHash = planned.PlanHash,
                PlannedAt = row.At, FirstRow = row.Sequence, LastRow = row.Sequence, Before = secret.InUse.LastOrDefault(),
            };
            _rotations[id] = story;
            secret.Rotations.Add(story);
            if (planned.Trigger == "emergency")
            {
                story.Exceptions.Add($"emergency, without window, approval and grace period: {planned.Reason} ({planned.Incident})");
            }
        }

        if (!_rotations.TryGetValue(id, out var rotation))
        {
            return;
        }

        rotation.LastRow = row.Sequence;
        if (StepDetail.Of(row) is { } step)
        {
            if (row.Action is AuditActions.StepDone or AuditActions.StepAlreadyDone && step.Undo is null && s_looks.Contains(step.Kind))
            {
                rotation.Verified.Add((step.Title, row.At));
            }

            return;
        }

        if (row.Action == AuditActions.CredentialMinting && Credential(row) is { } own)
        {
            rotation.Made.Add(own.Credential);
            secret.Made.Add(own.Credential);
        }

        Tell(row, rotation);
        if (row.At < from && rotation.EndedAt is not null)
        {
            // Long over: only when its value came into use is asked of it later.
            secret.Rotations.Remove(rotation);
        }
    }

    private static void Tell(AuditRow row, RotationStory rotation)
    {
        switch (row.Action)
        {
            case AuditActions.CredentialPromoted:
                rotation.PromotedAt = row.At;
                break;
            case AuditActions.CredentialUnpromoted:
                rotation.PromotedAt = null;
                break;
            case AuditActions.CredentialMinted when Credential(row) is { } minted:
                rotation.NewFingerprint = minted.Fingerprint;
                break;
            case AuditActions.CredentialRevoked when Credential(row) is { } revoked && !rotation.Made.Contains(revoked.Credential):
                rotation.Revoked.Add((revoked.Credential, revoked.Fingerprint, row.At));
                break;
            case RotationActions.ApprovalGiven or AuditActions.DecisionMade:
                rotation.ApprovedBy.Add(row.Actor);
                break;
            case RotationActions.Succeeded or RotationActions.RolledBack or RotationActions.Rejected or RotationActions.Cancelled
                or RotationActions.Superseded:
                (rotation.State, rotation.EndedAt) = (row.Action["rotation.".Length..], row.At);
                if (row.Action != RotationActions.Succeeded)
                {
                    rotation.Exceptions.Add($"it ended as {rotation.State}");
                }

                break;
            case RotationActions.GraceSkipped or RotationActions.EvidenceSkipped or RotationActions.EvidenceTimedOut
                or RotationActions.HoldSkipped or RotationActions.RevokeLeft or RotationActions.ApprovalRejected
                or RotationActions.ApprovalTimedOut or RotationActions.Stuck:
                rotation.Exceptions.Add(
                    $"{row.Action} by {row.Actor}{(State(row) is { Length: > 0 } detail ? $": {detail}" : "")}");
                break;
        }
    }

    private void Note(AuditRow row, List<string> exceptions, string text)
    {
        if (row.At >= from)
        {
            exceptions.Add(string.Create(CultureInfo.InvariantCulture, $"{row.At.UtcDateTime:yyyy-MM-dd}: {text} (row {row.Sequence})"));
        }
    }

    private static PlannedDetail? Planned(AuditRow row) => Read(row, ReportRowJson.Default.PlannedDetail);

    private static CredentialDetail? Credential(AuditRow row) => Read(row, ReportRowJson.Default.CredentialDetail);

    private static string? State(AuditRow row) => Read(row, ReportRowJson.Default.StateDetail)?.Detail;

    private static T? Read<T>(AuditRow row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return row.Detail is { } text && text.StartsWith('{') ? JsonSerializer.Deserialize(text, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
