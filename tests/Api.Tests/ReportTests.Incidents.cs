using System.Text.Json;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

/// <summary>Incidents of any name, and those whose emergencies went back.</summary>
public sealed partial class ReportTests
{
    [Theory]
    [InlineData("INC/7 ü?#100%")]
    [InlineData("../INC\\8")]
    public async Task An_incident_may_be_called_anything(string incident)
    {
        var (status, _) = await _host.PostAsync(
            _client, "/api/rotations",
            JsonSerializer.Serialize(new { secret = "fresh", trigger = "emergency", incident, reason = "a leak" }));
        Assert.Equal(202, status);

        var files = await FilesAsync($"/api/reports/incidents/{Uri.EscapeDataString(incident)}");

        Assert.Equal(incident, JsonSerializer.Deserialize<JsonElement>(files["incident.json"]).GetProperty("incident").GetString());
    }

    [Fact]
    public async Task An_emergency_that_went_back_ended_no_old_value()
    {
        // The first try makes a new value, cannot write it, and revokes it on its way back.
        var before = _host.Value("fresh.env", "PRIMARY");
        File.Delete(_host.FileOf("fresh.env"));
        Directory.CreateDirectory(_host.FileOf("fresh.env"));
        await StartAsync("fresh");
        await StartAsync("still");
        var report = await IncidentAsync();
        Assert.All(Exposures(report), one => Assert.Equal(JsonValueKind.Null, one.GetProperty("deadAt").ValueKind));
        Assert.Equal(["fresh"], Exposures(report).Select(one => one.GetProperty("secret").GetString()));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("deadAt").ValueKind);
        Assert.Contains(
            report.GetProperty("left").EnumerateArray(),
            line => line.GetString()!.EndsWith("of fresh may still work.", StringComparison.Ordinal));

        // The second one ends what was in use since before the first.
        Directory.Delete(_host.FileOf("fresh.env"));
        await File.WriteAllTextAsync(_host.FileOf("fresh.env"), $"PRIMARY='{before}'\n", None);
        await StartAsync("fresh");
        report = await IncidentAsync();
        var exposure = Assert.Single(Exposures(report));
        Assert.Equal(
            report.GetProperty("rotations").EnumerateArray().Min(one => one.GetProperty("startedAt").GetDateTimeOffset()),
            exposure.GetProperty("from").GetDateTimeOffset());
        Assert.Equal(exposure.GetProperty("deadAt").GetDateTimeOffset(), report.GetProperty("deadAt").GetDateTimeOffset());
        Assert.Empty(report.GetProperty("left").EnumerateArray());
    }

    private static List<JsonElement> Exposures(JsonElement report) => [.. report.GetProperty("exposures").EnumerateArray()];

    private async Task<JsonElement> IncidentAsync() =>
        JsonSerializer.Deserialize<JsonElement>((await FilesAsync("/api/reports/incidents/INC-9"))["incident.json"]);

    private async Task StartAsync(string secret)
    {
        var (status, answer) = await _host.PostAsync(
            _client, "/api/rotations",
            JsonSerializer.Serialize(new { secret, trigger = "emergency", incident = "INC-9", reason = "a leak" }));
        Assert.True(status == 202, answer.ToString());
        await LeakHost.UntilAsync(async () => (await _host.Ledger.ListRotationsAsync(new RotationFilter(OpenOnly: true), None)).Count == 0);
    }
}
