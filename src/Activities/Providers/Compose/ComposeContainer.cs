using System.Text.Json;

namespace Rotunda.Activities.Providers.Compose;

/// <summary>A container as <c>docker compose ps</c> tells it.</summary>
/// <param name="State">running, exited, restarting, …</param>
/// <param name="Health">healthy, unhealthy, starting, or empty without a healthcheck.</param>
internal sealed record ComposeContainer(string Id, string Name, string Service, string State, string Health, int ExitCode)
{
    /// <summary>From one object on each line (as newer versions write) or one array (as older ones).</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static IReadOnlyList<ComposeContainer> Read(string output)
    {
        var containers = new List<ComposeContainer>();
        foreach (var line in output.TrimStart().StartsWith('[') ? [output] : output.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            using var json = JsonDocument.Parse(line);
            containers.AddRange(json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().Select(Of) : [Of(json.RootElement)]);
        }

        return containers;
    }

    private static ComposeContainer Of(JsonElement json) => new(
        Text(json, "ID"), Text(json, "Name"), Text(json, "Service"), Text(json, "State"), Text(json, "Health"),
        json.TryGetProperty("ExitCode", out var code) && code.ValueKind == JsonValueKind.Number ? code.GetInt32() : 0);

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object ? json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : ""
            : throw new JsonException("A container is no object.");
}
