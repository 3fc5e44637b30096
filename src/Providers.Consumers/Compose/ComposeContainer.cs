using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rotunda.Providers.Consumers.Compose;

/// <summary>A container as <c>docker compose ps</c> tells it.</summary>
/// <param name="State">running, exited, restarting, …</param>
/// <param name="Health">healthy, unhealthy, starting, or empty without a healthcheck.</param>
/// <param name="CreatedAt">To the second, by the daemon's clock; null if this version of Compose does not tell.</param>
internal sealed partial record ComposeContainer(
    string Id,
    string Name,
    string Service,
    string State,
    string Health,
    int ExitCode,
    DateTimeOffset? CreatedAt)
{
    /// <summary>From one object on each line (as newer versions write) or one array (as older ones).</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static IReadOnlyList<ComposeContainer> Read(string output)
    {
        var containers = new List<ComposeContainer>();
        foreach (var line in output.TrimStart().StartsWith('[')
            ? [output]
            : output.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            using var json = JsonDocument.Parse(line);
            containers.AddRange(
                json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().Select(Of) : [Of(json.RootElement)]);
        }

        return containers;
    }

    private static ComposeContainer Of(JsonElement json) => new(
        Text(json, "ID"), Text(json, nameof(Name)), Text(json, nameof(Service)), Text(json, nameof(State)), Text(json, nameof(Health)),
        json.TryGetProperty(nameof(ExitCode), out var code) && code.ValueKind == JsonValueKind.Number ? code.GetInt32() : 0,
        Moment(json));

    /// <summary>As a number of seconds (older versions), or as Go writes a time: <c>2026-01-02 03:04:05 +0100 CET</c>.</summary>
    private static DateTimeOffset? Moment(JsonElement json)
    {
        if (json.TryGetProperty("Created", out var seconds)
            && seconds.ValueKind == JsonValueKind.Number
            && seconds.TryGetInt64(out var since))
        {
            return DateTimeOffset.FromUnixTimeSeconds(since);
        }

        var match = GoTime().Match(Text(json, nameof(CreatedAt)));
        return match.Success && DateTimeOffset.TryParseExact(
            $"{match.Groups["time"].Value} {match.Groups["zone"].Value.Insert(3, ":")}",
            "yyyy-MM-dd HH:mm:ss zzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var moment) ? moment : null;
    }

    [GeneratedRegex(
        @"^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?<zone>[+-]\d{4})\b",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex GoTime();

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object ? json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : ""
            : throw new JsonException("A container is no object.");
}
