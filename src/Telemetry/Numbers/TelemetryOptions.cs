using System.Globalization;

namespace Rotunda.Telemetry.Numbers;

/// <summary>What is measured of single secrets, and where it is sent to.</summary>
/// <param name="Days">Secrets that are due, or whose credential ends, within so many days are told by name.</param>
/// <param name="Tags">Secrets with one of these tags are told by name always.</param>
/// <param name="SendMetrics">By OTLP.</param>
/// <param name="SendTraces">By OTLP.</param>
public sealed record TelemetryOptions(int Days, IReadOnlyList<string> Tags, bool SendMetrics, bool SendTraces)
{
    /// <summary>The name of the meter that has the gauges; another one for each host where a test has several in one process.</summary>
    public string Meter { get; init; } = "Rotunda.Secrets";

    /// <summary>So many days at most, and 0 for none.</summary>
    public const string DaysVariable = "ROTUNDA_METRICS_DAYS";

    /// <summary>Tags, separated by commas.</summary>
    public const string TagsVariable = "ROTUNDA_METRICS_TAGS";

    private const int UsualDays = 14;
    private const int MostDays = 366;

    public static TelemetryOptions Usual { get; } = new(UsualDays, [], SendMetrics: false, SendTraces: false);

    /// <summary>From the environment: its own two variables, and those of OpenTelemetry, which say where to send to.</summary>
    /// <param name="setting">Gives a variable by its name; null or empty if it is not set.</param>
    /// <exception cref="TelemetrySettingsException">Something is wrong; the message lists all of it.</exception>
    public static TelemetryOptions Read(Func<string, string?> setting)
    {
        var problems = new List<string>();
        string? Text(string name) => setting(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        var isOff = string.Equals(Text("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        var options = new TelemetryOptions(
            DaysOf(Text(DaysVariable), problems),
            [.. (Text(TagsVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            !isOff && Sends("METRICS", Text, problems),
            !isOff && Sends("TRACES", Text, problems));
        return problems.Count == 0 ? options : throw new TelemetrySettingsException(problems);
    }

    private static int DaysOf(string? text, List<string> problems)
    {
        if (text is null)
        {
            return UsualDays;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MostDays)
        {
            return days;
        }

        problems.Add($"{DaysVariable} is no whole number of days from 0 to {MostDays}. Give one such as 14.");
        return UsualDays;
    }

    /// <summary>Something is sent only where somebody said where to: without an address the usual one of the protocol would be tried for
    /// ever.</summary>
    private static bool Sends(string what, Func<string, string?> text, List<string> problems)
    {
        var exporter = text($"OTEL_{what}_EXPORTER");
        if (exporter is not (null or "otlp" or "none"))
        {
            problems.Add($"OTEL_{what}_EXPORTER is '{exporter}'. Use otlp or none.");
        }

        foreach (var name in new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", $"OTEL_EXPORTER_OTLP_{what}_ENDPOINT" })
        {
            if (text(name) is { } address
                && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                problems.Add($"{name} is no http or https address, such as http://127.0.0.1:4318.");
            }
        }

        return exporter != "none"
            && (exporter is not null || (text("OTEL_EXPORTER_OTLP_ENDPOINT") ?? text($"OTEL_EXPORTER_OTLP_{what}_ENDPOINT")) is not null);
    }
}

/// <summary>Telemetry cannot be set up as the environment says; the message lists what is wrong and what to do.</summary>
public sealed class TelemetrySettingsException(IReadOnlyList<string> problems)
    : Exception($"Metrics and traces cannot be set up:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
