using System.Globalization;
using System.Text;
using Rotunda.Reports.Period;

namespace Rotunda.Reports.Writing;

/// <summary>The report of a period as HTML and as CSV.</summary>
internal static class PeriodTexts
{
    /// <summary>Of more, the page has those with exceptions only; all are in the CSV and the JSON.</summary>
    private const int MostShown = 2_000;

    private static readonly string[] s_columns =
    [
        "secret", "owner", "provider", "strategy", "in_catalog", "frequency", "frequency_days", "in_use_since", "age_days",
        "within_frequency", "rotations", "succeeded", "last_rotation", "requested_by", "approved_by", "new_fingerprint", "verified",
        "exceptions",
    ];

    public static string Html(PeriodReport report)
    {
        var page = new HtmlPage(
            $"Secret rotation, {report.Period}",
            $"{Texts.Time(report.From)} to {Texts.Time(report.Until)} UTC. Made of the audit up to row {Number(report.Rows)}.");
        page.Section("In numbers").Table(["What", "Number"], Figures(report.Totals));
        page.Section("What is asked for").Say(
            "This shows what was done. Whether a control is designed and operated well is for the auditor to say.");
        page.Table(
            ["Framework", "Control", "It asks", "Counted", "Met", "Of"],
            report.Controls.Select(one => Row(one.Framework, one.Id, one.Asks, one.Measure, Number(one.Met), Number(one.Of))),
            number => report.Controls[number].Met < report.Controls[number].Of);
        var all = report.Secrets.Count <= MostShown;
        var shown = all ? report.Secrets : [.. report.Secrets.Where(secret => secret.Exceptions.Count > 0).Take(MostShown)];
        page.Section("Secrets");
        if (!all)
        {
            page.Say(
                $"Of {Number(report.Secrets.Count)} secrets, {Number(shown.Count)} with exceptions are shown. All are in the CSV and the "
                    + "JSON.");
        }

        page.Table(
            ["Secret", "Owner", "How", "Frequency", "In use since", "Age", "Rotations", "Exceptions"],
            shown.Select(secret => Row(
                secret.Name, secret.Owner, $"{secret.Provider ?? "–"}, {secret.Strategy ?? "–"}", secret.Frequency,
                Texts.Day(secret.InUseSince), secret.AgeDays is { } age
                    ? $"{Number(age)} d" : "–", string.Join("; ", secret.Rotations.Select(Line)),
                secret.Exceptions.Count == 0 ? "none" : string.Join("; ", secret.Exceptions))),
            number => shown[number].WithinFrequency == false);
        page.Section("Proof").Say(
            $"The audit is a chain of hashes, {(report.ChainIntact ? "and is whole" : "AND IS BROKEN")}. Its row {Number(report.Rows)} has "
                + $"the hash {report.Head}. The file checkpoint.json beside this page says so too, with the digest of each file, and is "
                + "signed: docs/reports.md has how to check it.");
        return page.End();
    }

    public static string Csv(PeriodReport report)
    {
        var text = new StringBuilder(string.Join(',', s_columns)).Append("\r\n");
        foreach (var secret in report.Secrets)
        {
            var last = secret.Rotations.Count > 0 ? secret.Rotations[^1] : null;
            text.AppendJoin(',', new[]
            {
                secret.Name, secret.Owner, secret.Provider, secret.Strategy, secret.InCatalog ? "yes" : "no", secret.Frequency,
                Texts.Number(secret.FrequencyDays), secret.InUseSince is null ? "" : Texts.Time(secret.InUseSince),
                Texts.Number(secret.AgeDays),
                secret.WithinFrequency is { } within ? within ? "yes" : "no" : "", Number(secret.Rotations.Count),
                Number(secret.Rotations.Count(one => one.State == "succeeded")), last?.Id, last?.RequestedBy,
                last is null ? "" : string.Join(' ', last.ApprovedBy), last?.NewFingerprint,
                last is null ? "" : string.Join("; ", last.Verified), string.Join("; ", secret.Exceptions),
            }.Select(Texts.Csv)).Append("\r\n");
        }

        return text.ToString();
    }

    private static IEnumerable<IReadOnlyList<string?>> Figures(PeriodTotals totals) =>
    [
        Row("Secrets", Number(totals.Secrets)),
        Row("Not older than their frequency allows", Number(totals.WithinFrequency)),
        Row("Overdue", Number(totals.Overdue)),
        Row("On request only", Number(totals.WithoutFrequency)),
        Row("At most 90 days old", Number(totals.Within90Days)),
        Row("Rotations started", Number(totals.RotationsStarted)),
        Row("Rotations that succeeded", Number(totals.RotationsSucceeded)),
        Row("Rotations that ended otherwise", Number(totals.RotationsNotSucceeded)),
        Row("Emergencies", Number(totals.Emergencies)),
        Row("Leaked values", Number(totals.Leaks)),
        Row("Leaked values that are dead", Number(totals.LeaksDead)),
        Row("Orphans", Number(totals.Orphans)),
        Row("Secrets with exceptions", Number(totals.SecretsWithExceptions)),
    ];

    private static string Line(RotationEvidence one) =>
        $"{one.Id}: {one.State}, {Texts.Day(one.StartedAt)}, by {one.RequestedBy}"
            + (one.ApprovedBy.Count > 0 ? $", approved by {string.Join(" and ", one.ApprovedBy)}" : "")
            + (one.NewFingerprint is { } print ? $", {print}" : "")
            + (one.Verified.Count > 0 ? $", {string.Join(", ", one.Verified)}" : "");

    private static string?[] Row(params string?[] cells) => cells;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
