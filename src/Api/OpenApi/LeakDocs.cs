using Rotunda.Leaks.Views;
using Rotunda.Reports.Period;
using Rotunda.Reports.Signing;

namespace Rotunda.Api.OpenApi;

/// <summary>What the routes of leaks and reports do.</summary>
internal static class LeakDocs
{
    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["POST /api/leaks"] = new(
            "Values that were found outside: one, or what TruffleHog or gitleaks wrote. What works is replaced.", typeof(LeakReport))
        {
            Body = typeof(LeakBody),
            Queries = [QueryDoc.Text("incident", "What rotations for them are started under.")],
            Refusals = [(400, "no-findings")],
        },
        ["GET /api/leaks"] = new("Leaks that are looked after, and those that ended lately.", typeof(LeakList)),
        ["GET /api/leaks/{id}"] = new("One leak: how it stands, and since when it is dead.", typeof(LeakView))
        {
            Refusals = [(404, "not-found")],
        },
        ["POST /api/leaks/github"] = new("A webhook of GitHub about a secret scanning alert, signed.", typeof(AlertView))
        {
            Status = 202, Refusals = [(404, "no-route"), (413, "body-too-large"), (429, "too-many-requests")],
        },
        ["GET /api/reports/period"] = new("What auditors are given for a time: each secret with its evidence.", typeof(ReportFiles))
        {
            Queries = [QueryDoc.Text("period", $"{ReportPeriod.Forms}. Default: this quarter.")],
        },
        ["GET /api/reports/incidents/{id}"] = new("What happened under an incident, and how long values were exposed.", typeof(ReportFiles))
        {
            Refusals = [(404, "not-found")],
        },
    };
}
