using System.Text.Json;
using Rotunda.Ledger;
using Rotunda.Reports.Folding;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Reports.Incident;

/// <summary>Reads the audit for one incident: its rotations, its leaks, and every row of either.</summary>
internal sealed class IncidentFold(string incident, Func<string, bool> sees)
{
    public const string Format = "rotunda-incident-report";
    private const int Version = 1;
    private const int LongestDetail = 300;
    private readonly AuditFold _all = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, sees);
    private readonly List<IncidentLine> _lines = [];
    private readonly HashSet<long> _leaked = [];

    public void Add(AuditRow row)
    {
        _all.Add(row);
        if (row.Secret is null || !sees(row.Secret))
        {
            return;
        }

        var leak = LeakDetail.Of(row.Action.StartsWith("leak.", StringComparison.Ordinal) ? row.Detail : null);
        var isLeak = leak?.Incident == incident;
        if (isLeak)
        {
            _leaked.Add(leak!.Credential);
        }

        if (isLeak || IsOfRotation(row) || IsEndOfLeaked(row) || IsAlert(row))
        {
            _lines.Add(new IncidentLine(row.Sequence, row.At, row.Actor, row.Action, row.Secret, row.RotationId, Detail(row, leak)));
        }
    }

    /// <returns>Null if nothing of the incident is seen.</returns>
    public IncidentReport? Make(bool intact, RotationCatalog? catalog)
    {
        var rotations = _all.Rotations.Values.Where(rotation => rotation.Incident == incident).ToList();
        var leaks = _all.Leaks.Where(leak => leak.Incident == incident).ToList();
        if (rotations.Count == 0 && leaks.Count == 0)
        {
            return null;
        }

        var exposures = leaks.Select(Of).Concat(new UnreportedValues(_all, leaks).Of(rotations)).ToList();
        var begins = exposures.Select(one => one.From).Concat(rotations.Select(one => one.PlannedAt));
        var first = begins.Min(at => (DateTimeOffset?)at);
        var dead = exposures.Count > 0 && exposures.TrueForAll(one => one.DeadAt is not null) ? exposures.Max(one => one.DeadAt) : null;
        return new IncidentReport(
            Format, Version, incident, first, dead, Seconds(first, dead), exposures,
            [.. rotations.Select(rotation => Of(rotation, catalog))], _lines, Left(exposures, rotations), _all.Rows, _all.Head, intact);
    }

    private static Exposure Of(LeakStory leak) => new(
        leak.Secret, leak.Fingerprint, $"by {leak.ReportedBy}, {leak.State}", [.. leak.Where], leak.FoundAt, leak.DeadAt,
        Seconds(leak.FoundAt, leak.DeadAt));

    private IncidentRotation Of(RotationStory story, RotationCatalog? catalog)
    {
        var interval = catalog?.Policies.GetValueOrDefault(story.Secret)?.Interval;
        var since = _all.Secrets.GetValueOrDefault(story.Secret)?.Since;
        return new IncidentRotation(
            story.Id, story.Secret, $"{story.Strategy}, {story.Trigger}", story.State, story.RequestedBy, story.Reason, story.PlannedAt,
            story.PromotedAt, story.EndedAt, [.. story.Revoked.Select(one => one.Fingerprint).OfType<string>()], story.NewFingerprint,
            [.. story.Verified.Select(one => one.Title).Distinct(StringComparer.Ordinal)], [.. story.ApprovedBy], story.Exceptions,
            interval is { } days && since is { } at ? at + days : null);
    }

    private static List<string> Left(List<Exposure> exposures, List<RotationStory> rotations) =>
    [
        .. exposures.Where(one => one.DeadAt is null).Select(one =>
            $"The {(one.Fingerprint is { } print ? $"value {print}" : "old value")} of {one.Secret} may still work."),
        .. rotations.Where(one => one.EndedAt is null).Select(one => $"Rotation {one.Id} is not over."),
        .. rotations.GroupBy(one => one.Secret, StringComparer.Ordinal).Select(some => some.MaxBy(one => one.Number)!)
            .Where(one => one is { EndedAt: not null, State: not ("succeeded" or "superseded") })
            .Select(one => $"Rotation {one.Id} ended as {one.State}: {one.Secret} needs another."),
    ];

    private bool IsOfRotation(AuditRow row) =>
        row.RotationId is { } id && _all.Rotations.GetValueOrDefault(id)?.Incident == incident
        && row.Action is not (AuditActions.StepIntent or AuditActions.StepContinue);

    private bool IsEndOfLeaked(AuditRow row) =>
        _leaked.Count > 0 && row.Action.StartsWith("credential.", StringComparison.Ordinal)
        && CredentialOf(row) is { } credential && _leaked.Contains(credential);

    private bool IsAlert(AuditRow row) => row.Action == AuditActions.LeakAlertClosed && _all.Leaks.Any(leak =>
        leak.Incident == incident && leak.Secret == row.Secret && row.Detail is not null && leak.Where.Contains(row.Detail));

    private static long? CredentialOf(AuditRow row)
    {
        try
        {
            return row.Detail is { } text ? JsonSerializer.Deserialize(text, ReportRowJson.Default.CredentialDetail)?.Credential : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>For people: what a row's detail says, without its form.</summary>
    private static string? Detail(AuditRow row, LeakDetail? leak)
    {
        var text = leak is not null ? $"{leak.Fingerprint}, {leak.State}, {leak.Where}{(leak.Message is { } said ? $": {said}" : "")}"
            : StepDetail.Of(row) is { } step ? step.Title + (step.Reason is { } why ? $": {why}" : "")
            : row.Detail is { } json && json.StartsWith('{') ? Words(json)
            : row.Detail;
        return text is { Length: > LongestDetail } ? text[..LongestDetail] + "…" : text;
    }

    private static string? Words(string json)
    {
        try
        {
            using var detail = JsonDocument.Parse(json);
            var parts = new[] { "fingerprint", "detail", "reason", "note" }
                .Select(name => detail.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null)
                .Where(part => !string.IsNullOrEmpty(part));
            return string.Join(", ", parts) is { Length: > 0 } text ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static long? Seconds(DateTimeOffset? from, DateTimeOffset? until) =>
        from is { } begin && until is { } end ? Math.Max(0, (long)Math.Ceiling((end - begin).TotalSeconds)) : null;
}
