using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Rotunda.Api.Desk;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>What the Bicep files call by name in the code is there under that name: events, notices, fields, functions.</summary>
public sealed partial class AlertTests
{
    private static BicepFile Alerts => Infrastructure.Module("alerts");

    /// <summary>Events that are logged below a warning would not be worth an alert.</summary>
    [Fact]
    public void Every_event_that_an_alert_looks_for_is_in_the_code()
    {
        var logged = Sources("src").SelectMany(text => LoggedEvent().Matches(text))
            .Select(m => long.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture))
            .ToHashSet();
        var sought = Alerts.Variables.Where(v => v.Key.EndsWith("Events", StringComparison.Ordinal)).Select(v => v.Value).OfType<BicepList>().SelectMany(l => l.Items).Cast<BicepNumber>().Select(n => n.Value).ToList();

        Assert.NotEmpty(sought);
        Assert.Empty(sought.Except(logged));
    }

    [Fact]
    public void Every_notice_that_an_alert_looks_for_is_in_the_code()
    {
        var told = typeof(Notice).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);
        var sought = Words(NoticeWord());

        Assert.Contains(Notice.Stuck, sought);
        Assert.Empty(sought.Except(told, StringComparer.Ordinal));
    }

    /// <summary>A field of an event has the name that stands in its message.</summary>
    [Fact]
    public void Every_field_that_an_alert_reads_is_in_a_message()
    {
        string[] ofTheSdk = ["CategoryName", "Category", "EventId"];
        var logged = Sources("src").SelectMany(text => LoggedEvent().Matches(text)).Select(m => m.Groups["message"].Value).ToList();
        var sought = Words(FieldName()).Select(f => f.Replace("customDimensions.", "", StringComparison.Ordinal).Replace("prop__", "", StringComparison.Ordinal)).Except(ofTheSdk, StringComparer.Ordinal).ToList();

        Assert.NotEmpty(sought);
        Assert.All(sought, field => Assert.Contains(logged, message => message.Contains("{" + field + "}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("sweepFunctionName")]
    [InlineData("nearExpiryFunctionName")]
    public void A_function_that_is_referred_to_is_in_the_code(string variable)
    {
        var name = Infrastructure.Main.Variables[variable].Literal;

        Assert.Contains(Sources("src/Functions"), text => text.Contains($"[Function(\"{name}\")]", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/src/Engine/", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static List<string> Words(Regex word) =>
        [.. Alerts.Expressions().OfType<BicepText>().SelectMany(t => t.Parts).SelectMany(p => word.Matches(p)).Select(m => m.Value).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex(@"\[LoggerMessage\(EventId = (?<id>\d+), (?:Level = LogLevel\.(?:Warning|Error|Critical), )?Message = (?<message>.*)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LoggedEvent();

    [GeneratedRegex(@"notice\.[a-z-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoticeWord();

    [GeneratedRegex(@"customDimensions\.\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldName();
}
