using System.Reflection;
using System.Text.RegularExpressions;
using Rotunda.Api.Desk;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>
/// What the alerts call by name in the code is there under that name: events, notices, fields, functions. The docs have each alert.
/// </summary>
public sealed partial class AlertTests
{
    /// <summary>Events that are logged below a warning would not be worth an alert.</summary>
    [BicepFact]
    public async Task Every_event_that_an_alert_looks_for_is_in_the_code()
    {
        var logged = Sources("src").SelectMany(text => LoggedEvent().Matches(text)).Select(m => m.Groups["id"].Value);
        var queries = await QueriesAsync();
        var sought = queries.SelectMany(q => SoughtEvents().Matches(q)).SelectMany(m => m.Groups["ids"].Value.Split(", ")).ToList();

        Assert.NotEmpty(sought);
        Assert.Empty(sought.Except(logged, StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Every_notice_that_an_alert_looks_for_is_in_the_code()
    {
        var told = typeof(Notice).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!);
        var sought = await WordsAsync(NoticeWord());

        Assert.Contains(Notice.Stuck, sought);
        Assert.Empty(sought.Except(told, StringComparer.Ordinal));
    }

    /// <summary>A field of an event has the name that stands in its message.</summary>
    [BicepFact]
    public async Task Every_field_that_an_alert_reads_is_in_a_message()
    {
        string[] ofTheSdk = ["CategoryName", "Category", "EventId"];
        var logged = Sources("src").SelectMany(text => LoggedEvent().Matches(text)).Select(m => m.Groups["message"].Value).ToList();
        var sought = (await WordsAsync(FieldName())).Except(ofTheSdk, StringComparer.Ordinal).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, field => Assert.Contains(logged, message => message.Contains("{" + field + "}", StringComparison.Ordinal)));
    }

    [BicepFact]
    public async Task A_function_that_is_referred_to_is_in_the_code()
    {
        var sought = await WordsAsync(FunctionName());

        Assert.NotEmpty(sought);
        Assert.All(sought, name =>
            Assert.Contains(Sources("src/Functions"), text => text.Contains($"[Function(\"{name}\")]", StringComparison.Ordinal)));
    }

    /// <summary>Under its name and severity, in every deployment.</summary>
    [BicepFact]
    public async Task The_table_in_the_docs_is_the_alerts_that_there_are()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "azure.md"), TestContext.Current.CancellationToken);
        var told = TableRow().Matches(page).Select(m => $"{m.Groups["name"].Value} {m.Groups["severity"].Value}");

        foreach (var deployment in (await Infrastructure.CompiledAsync()).Deployments)
        {
            var alerts = deployment.Of("Microsoft.Insights/scheduledQueryRules").Concat(deployment.Of("Microsoft.Insights/metricAlerts"));
            var made = alerts.Select(a => $"{NameStart().Replace(a.Name, "")} {a["properties", "severity"].GetInt32()}");
            Assert.Equal(told.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/src/Engine/", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static async Task<List<string>> QueriesAsync() =>
        [.. (await Infrastructure.CompiledAsync()).Deployments.SelectMany(d => d.Queries)];

    private static async Task<List<string>> WordsAsync(Regex word) =>
        [.. (await QueriesAsync()).SelectMany(q => word.Matches(q)).Select(m => m.Groups["word"].Value).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex(
        @"\[LoggerMessage\(\s*EventId = (?<id>\d+),\s*(?:Level = LogLevel\.(?:Warning|Error|Critical),\s*)?Message = (?<message>.*?)\)\]",
        RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LoggedEvent();

    [GeneratedRegex(@"(?<word>notice\.[a-z-]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoticeWord();

    [GeneratedRegex(@"customDimensions\.(prop__)?(?<word>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldName();

    [GeneratedRegex("operation_Name =~ \"(?<word>\\w+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"event in \((?<ids>[\d, ]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SoughtEvents();

    /// <summary>Of a deployment, and of Event Grid's topic.</summary>
    [GeneratedRegex("^(evgt-)?rotunda-[a-z]+-", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameStart();

    [GeneratedRegex(@"^\| \*(?<name>[a-z-]+)\* \| (?<severity>\d) \|", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableRow();
}
