using System.Globalization;
using Rotunda.Reports.Folding;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Reports.Period;

/// <summary>Makes the report of a period of what was read from the audit, and of the catalog. Pure.</summary>
internal static class PeriodReportMaker
{
    public const string Format = "rotunda-period-report";
    private const int Version = 1;

    /// <param name="end">The period's end, or the last row's moment where it is not over.</param>
    public static PeriodReport Make(
        ReportPeriod period, DateTimeOffset end, AuditFold fold, bool intact, RotationCatalog? catalog, Func<string, bool> sees)
    {
        var names = (catalog?.Policies.Keys ?? []).Where(sees)
            .Concat(fold.Secrets.Values.Where(HasMoved).Select(secret => secret.Name))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var secrets = names.Select(name =>
            Of(fold.Secrets.GetValueOrDefault(name) ?? new(name), catalog?.Policies.GetValueOrDefault(name), period, end)).ToList();
        var totals = Totals(secrets, fold, period);
        return new PeriodReport(
            Format, Version, period.Name, period.From, end, fold.Rows, fold.Head, intact, totals,
            Frameworks.Of(totals, secrets, intact), secrets);
    }

    private static bool HasMoved(SecretStory secret) => secret.Rotations.Count > 0 || secret.Exceptions.Count > 0;

    private static SecretEvidence Of(SecretStory story, Policy? policy, ReportPeriod period, DateTimeOffset end)
    {
        var days = policy?.Interval?.TotalDays;
        var since = story.Since;
        int? age = since is { } at ? (int)Math.Floor((end - at).TotalDays) : null;
        bool? within = days is { } most && since is { } from ? end - from <= TimeSpan.FromDays(most) : null;
        var exceptions = story.Rotations
            .SelectMany(rotation => rotation.Exceptions.Select(text => $"{rotation.Id}: {text}")).Concat(story.Exceptions).ToList();
        exceptions.AddRange(Late(story, days, period));
        if (within == false)
        {
            exceptions.Add(string.Create(CultureInfo.InvariantCulture, $"overdue at the end: {age} days old, of {days:0.##}"));
        }

        if (policy is not null && story.AdoptedAt is null)
        {
            exceptions.Add("in the catalog, and not adopted at the end");
        }

        return new SecretEvidence(
            story.Name, policy?.Owner, policy?.Provider.Type, policy is null ? null : Words(policy.Strategy), policy is not null,
            Frequency(policy), days, story.AdoptedAt, since, age, within, [.. story.Rotations.Select(Of)], exceptions);
    }

    private static RotationEvidence Of(RotationStory story) => new(
        story.Id, story.Strategy, story.Trigger, story.State, story.RequestedBy, story.Incident, story.PlannedAt, story.PromotedAt,
        story.EndedAt, story.NewFingerprint, [.. story.Revoked.Select(one => one.Fingerprint).OfType<string>()], [.. story.ApprovedBy],
        [.. story.Verified.Select(one => one.Title).Distinct(StringComparer.Ordinal)], story.PlanHash, story.FirstRow, story.LastRow);

    /// <summary>Values that were in use for longer than their frequency allows, before they were replaced in the period.</summary>
    private static IEnumerable<string> Late(SecretStory story, double? days, ReportPeriod period)
    {
        var before = story.AdoptedAt;
        foreach (var (at, rotation, _, _) in story.InUse)
        {
            if (days is { } most && before is { } since && at >= period.From && at - since > TimeSpan.FromDays(most))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rotation}: late, after {Math.Floor((at - since).TotalDays)} days, of {most:0.##}");
            }

            before = at;
        }
    }

    private static PeriodTotals Totals(List<SecretEvidence> secrets, AuditFold fold, ReportPeriod period)
    {
        var rotations = secrets.SelectMany(secret => secret.Rotations).ToList();
        var started = rotations.Where(one => one.StartedAt >= period.From).ToList();
        var ended = rotations.Where(one => one.EndedAt is not null).ToList();
        var leaks = fold.Leaks.Where(leak => leak.FoundAt >= period.From).ToList();
        return new PeriodTotals(
            secrets.Count,
            secrets.Count(secret => secret.WithinFrequency == true),
            secrets.Count(secret => secret.WithinFrequency == false),
            secrets.Count(secret => secret.InCatalog && secret.FrequencyDays is null),
            secrets.Count(secret => secret.AgeDays is <= 90),
            started.Count,
            ended.Count(one => one.State == "succeeded"),
            ended.Count(one => one.State != "succeeded"),
            started.Count(one => one.Trigger == "emergency"),
            leaks.Count,
            leaks.Count(leak => leak.DeadAt is not null),
            fold.Secrets.Values.Sum(secret => secret.Orphans.Count),
            secrets.Count(secret => secret.Exceptions.Count > 0),
            fold.RowsInTime);
    }

    private static string Frequency(Policy? policy) => policy switch
    {
        null => "left the catalog",
        { Interval: { } interval } => DurationText.Format(interval),
        { Cron: { } cron } => $"cron {cron.Expression} {cron.TimeZone}",
        { OnCompromise: true } => "on compromise",
        _ => "on request",
    };

    private static string Words(Strategy strategy) =>
        System.Text.Json.JsonSerializer.Serialize(strategy, PeriodJson.Default.Strategy).Trim('"');
}
