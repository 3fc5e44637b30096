using System.Globalization;
using System.Text;
using Rotunda.Reports.Incident;

namespace Rotunda.Reports.Writing;

/// <summary>The report of an incident as Markdown and as HTML: the same parts in both.</summary>
internal static class IncidentTexts
{
    private static readonly string[] s_exposures = ["Secret", "Version", "Reported", "Found at", "Known at", "Dead at", "Exposure"];
    private static readonly string[] s_log =
    [
        "Secret", "Rotation", "Method", "Asked for by", "Why", "Started", "New value in use", "Ended", "Old versions", "New version",
        "Verification", "Approved by", "State", "Next due",
    ];

    private static readonly string[] s_timeline = ["When", "Who", "What", "Secret", "Rotation", "Detail", "Row"];

    public static string Markdown(IncidentReport report)
    {
        var text = new StringBuilder($"# Incident {Texts.Cell(report.Incident)}\n\n{Texts.Cell(Lead(report))}\n");
        Table(text, "Exposure", s_exposures, Exposures(report));
        Table(text, "Rotation log", s_log, Log(report));
        text.Append("\n## What is left\n\n");
        foreach (var line in Left(report))
        {
            text.Append($"- {Texts.Cell(line)}\n");
        }

        Table(text, "Timeline", s_timeline, Timeline(report));
        return text.Append($"\n{Texts.Cell(Proof(report))}\n").ToString();
    }

    public static string Html(IncidentReport report)
    {
        var page = new HtmlPage($"Incident {report.Incident}", Lead(report));
        page.Section("Exposure").Table(s_exposures, Exposures(report), number => report.Exposures[number].DeadAt is null);
        page.Section("Rotation log").Table(s_log, Log(report));
        page.Section("What is left");
        foreach (var line in Left(report))
        {
            page.Say(line);
        }

        page.Section("Timeline").Table(s_timeline, Timeline(report));
        return page.Section("Proof").Say(Proof(report)).End();
    }

    private static string Lead(IncidentReport report) =>
        $"Known since {Texts.Time(report.FirstKnownAt)} UTC. "
            + (report.DeadAt is { } dead
                ? $"The last old value was dead at {Texts.Time(dead)} UTC: exposed for {Texts.Minutes(report.ExposureSeconds)}."
                : "Not every old value is known to be dead.");

    private static string Proof(IncidentReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"Made of the audit up to row {report.Rows}, hash {report.Head}; its chain {(report.ChainIntact ? "is whole" : "IS BROKEN")}. "
            + $"Versions are told by fingerprint: the first 12 hex digits of a salted SHA-256.");

    private static IEnumerable<string> Left(IncidentReport report) => report.Left.Count == 0 ? ["Nothing."] : report.Left;

    private static IEnumerable<IReadOnlyList<string?>> Exposures(IncidentReport report) => report.Exposures.Select(one => Row(
        one.Secret, one.Fingerprint, one.Reported, string.Join("; ", one.Where), Texts.Time(one.From), Texts.Time(one.DeadAt),
        Texts.Minutes(one.Seconds)));

    private static IEnumerable<IReadOnlyList<string?>> Log(IncidentReport report) => report.Rotations.Select(one => Row(
        one.Secret, one.Id, one.Method, one.RequestedBy, one.Reason, Texts.Time(one.StartedAt), Texts.Time(one.InUseAt),
        Texts.Time(one.EndedAt), string.Join(", ", one.OldFingerprints), one.NewFingerprint, string.Join("; ", one.Verified),
        one.ApprovedBy.Count == 0 ? "nobody" : string.Join(", ", one.ApprovedBy), one.State, Texts.Day(one.NextDue)));

    private static IEnumerable<IReadOnlyList<string?>> Timeline(IncidentReport report) => report.Timeline.Select(one => Row(
        Texts.Time(one.At), one.Who, one.What, one.Secret, one.Rotation, one.Detail, one.Row.ToString(CultureInfo.InvariantCulture)));

    private static void Table(StringBuilder text, string title, string[] heads, IEnumerable<IReadOnlyList<string?>> rows)
    {
        text.Append($"\n## {title}\n\n| {string.Join(" | ", heads)} |\n|{string.Concat(heads.Select(_ => "---|"))}\n");
        foreach (var row in rows)
        {
            text.Append($"| {string.Join(" | ", row.Select(Texts.Cell))} |\n");
        }
    }

    private static string?[] Row(params string?[] cells) => cells;
}
