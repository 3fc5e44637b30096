using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Reports;
using Rotunda.Reports.Period;
using Rotunda.Reports.Writing;

namespace Rotunda.Api.Tests;

/// <summary>Reports of a real ledger: a script that knows nothing of them counts their numbers again, and finds what was changed.</summary>
public sealed partial class ReportTests : IAsyncLifetime
{
    private const string Planted = "canary-VALUE+that/must=never&stay";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JsonSerializerOptions s_plain = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-report-");
    private LeakHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await LeakHost.StartAsync(
            """
            version: 1
            secrets:
              fresh:
                owner: "=shop|<b>"
                strategy: dual-key
                provider: { type: generated, purpose: jwt }
                interval: 30d
                grace: 0s
                current: { value: "file:$F/fresh.env#PRIMARY" }
                targets:
                  env: { type: dotenv, path: $F/fresh.env, keys: { PRIMARY: "{primary}", SECONDARY: "{secondary}" } }
              still:
                strategy: dual-key
                provider: { type: generated, purpose: jwt }
                interval: never
                targets:
                  env: { type: dotenv, path: $F/still.env, keys: { PRIMARY: "{primary}", SECONDARY: "{secondary}" } }
            """,
            ("fresh.env", $"PRIMARY='{Planted}'\n"));
        _client = _host.Client(Role.Operator);
        await _host.RotateAsync(_client, "fresh", "succeeded");
        var (_, body) = await _host.PostAsync(
            _client, "/api/leaks?incident=INC-1",
            JsonSerializer.Serialize(new { value = _host.Value("fresh.env", "PRIMARY"), where = "a wiki | page" }));
        var leak = body.GetProperty("answers")[0].GetProperty("leak").GetInt64();
        await LeakHost.UntilAsync(async () =>
            (await _host.GetAsync(_client, $"/api/leaks/{leak}")).GetProperty("state").GetString() == "dead");
        await LeakHost.UntilAsync(async () => (await _host.Ledger.ListRotationsAsync(new RotationFilter(OpenOnly: true), None)).Count == 0);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Its_numbers_are_counted_again_by_a_script_that_finds_what_was_changed()
    {
        var files = await FilesAsync("/api/reports/period");
        var report = JsonSerializer.Deserialize<JsonElement>(files["report.json"]);
        var totals = report.GetProperty("totals");
        Assert.Equal(
            (2, 1, 0, 1, 2, 2, 1, 1, 1),
            (Number(totals, "secrets"), Number(totals, "withinFrequency"), Number(totals, "overdue"), Number(totals, "withoutFrequency"),
                Number(totals, "rotationsStarted"), Number(totals, "rotationsSucceeded"), Number(totals, "emergencies"),
                Number(totals, "leaks"), Number(totals, "leaksDead")));
        var fresh = report.GetProperty("secrets").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "fresh");
        Assert.Contains(
            fresh.GetProperty("exceptions").EnumerateArray(), one => one.GetString()!.Contains("emergency", StringComparison.Ordinal));
        Assert.NotEmpty(fresh.GetProperty("rotations")[0].GetProperty("verified").EnumerateArray());
        var rows = await _host.Ledger.ReadAuditAsync(new AuditFilter(Limit: 10_000), None);
        Write(files, rows);

        Assert.Equal("", await ProblemsAsync());

        // A row, a file, the signature, a number and the end: each is noticed.
        Write(files, [.. rows.Select(row => row.Sequence == 5 ? row with { Actor = "nobody" } : row)]);
        Assert.Contains("the chain", await ProblemsAsync(), StringComparison.Ordinal);
        Write(files, [.. rows.Take(10)]);
        Assert.Contains("the hash that was signed", await ProblemsAsync(), StringComparison.Ordinal);
        Write(files, rows);
        File.AppendAllText(Path.Combine(_folder.FullName, "report.csv"), "x");
        Assert.Contains("report.csv is what was signed", await ProblemsAsync(), StringComparison.Ordinal);
        files["report.json"] = files["report.json"].Replace("\"rotationsStarted\": 2", "\"rotationsStarted\": 1", StringComparison.Ordinal);
        Write(files, rows);
        Assert.Contains("rotationsStarted: 1, counted again 2", await ProblemsAsync(), StringComparison.Ordinal);
        files["checkpoint.json"] = files["checkpoint.json"].Replace("\"rows\": ", "\"rows\": 1", StringComparison.Ordinal);
        Write(files, rows);
        Assert.Contains("is signed by the key", await ProblemsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_some_secrets_alone_says_so_and_is_not_signed()
    {
        var reporter = _host.Get<Reporter>();
        var period = (await reporter.PeriodAsync(ReportPeriod.TryParse("2026")!, null, secret => secret == "fresh", None)).Files;
        var incident = (await reporter.IncidentAsync("INC-1", null, secret => secret == "fresh", None))!.Files;

        foreach (var files in new[] { period, incident })
        {
            Assert.Contains("of some secrets alone", files.Single(file => file.Name == "PARTIAL.txt").Text, StringComparison.Ordinal);
            Assert.DoesNotContain(files, file => file.Name.StartsWith("checkpoint", StringComparison.Ordinal));
        }

        Write(period.ToDictionary(file => file.Name, file => file.Text, StringComparer.Ordinal), []);
        Assert.Contains("checkpoint.json", await ProblemsAsync(checksAnything: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_that_signs_is_made_once_on_record_and_survives_a_restart()
    {
        var before = await FilesAsync("/api/reports/period");
        await _host.RestartAsync();
        _client.Dispose();
        _client = _host.Client(Role.Viewer);
        var after = await FilesAsync("/api/reports/period?period=2026");

        Assert.Equal(before["checkpoint.pem"], after["checkpoint.pem"]);
        Assert.Single(
            await _host.Ledger.ReadAuditAsync(new AuditFilter(Limit: 10_000), None), row => row.Action == "checkpoint.key-made");
    }

    [Fact]
    public async Task An_incident_tells_who_what_when_and_for_how_long_values_were_exposed()
    {
        var files = await FilesAsync("/api/reports/incidents/INC-1");
        var report = JsonSerializer.Deserialize<JsonElement>(files["incident.json"]);
        var exposure = Assert.Single(
            report.GetProperty("exposures").EnumerateArray(), one => one.GetProperty("where").GetArrayLength() > 0);
        Assert.Equal("a wiki | page", exposure.GetProperty("where")[0].GetString());
        var seconds = (exposure.GetProperty("deadAt").GetDateTimeOffset() - exposure.GetProperty("from").GetDateTimeOffset()).TotalSeconds;
        Assert.Equal((long)Math.Ceiling(seconds), exposure.GetProperty("seconds").GetInt64());
        var rotation = Assert.Single(report.GetProperty("rotations").EnumerateArray());
        Assert.Equal("succeeded", rotation.GetProperty("state").GetString());
        Assert.NotEmpty(rotation.GetProperty("verified").EnumerateArray());
        Assert.Equal(
            rotation.GetProperty("inUseAt").GetDateTimeOffset() + TimeSpan.FromDays(30),
            rotation.GetProperty("nextDue").GetDateTimeOffset());
        var actions = report.GetProperty("timeline").EnumerateArray().Select(line => line.GetProperty("what").GetString()).ToList();
        Assert.Equal("leak.found", actions[0]);
        Assert.Contains("credential.revoked", actions);
        Assert.Contains("leak.dead", actions);

        // The same in all forms; what is foreign is no markup.
        Assert.Contains("a wiki \\| page", files["incident.md"], StringComparison.Ordinal);
        foreach (var heading in new[] { "Exposure", "Rotation log", "What is left", "Timeline" })
        {
            Assert.Contains($"## {heading}", files["incident.md"], StringComparison.Ordinal);
            Assert.Contains($"<h2>{heading}</h2>", files["incident.html"], StringComparison.Ordinal);
        }

        Write(files, []);
        File.Delete(Path.Combine(_folder.FullName, "audit.jsonl"));
        Assert.Equal("", await ProblemsAsync(withAudit: false));
        using var unknown = await _client.GetAsync("/api/reports/incidents/INC-2", None);
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task What_people_wrote_is_no_markup_and_no_formula_and_no_page_asks_another_host()
    {
        var files = await FilesAsync("/api/reports/period");

        Assert.Contains("\r\nfresh,'=shop|<b>,", files["report.csv"], StringComparison.Ordinal);
        Assert.Contains("=shop|&lt;b&gt;", files["report.html"], StringComparison.Ordinal);
        foreach (var page in files.Where(file => file.Key.EndsWith(".html", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("<script", page.Value, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("http", page.Value, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("url(", page.Value, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal("\\<b\\>\\|\\*x\\* \\[y\\](z) ", Texts.Cell("<b>|*x* [y](z)\n"));
    }

    [Theory]
    [InlineData("2026", "2026-01-01", "2027-01-01")]
    [InlineData("2026-Q3", "2026-07-01", "2026-10-01")]
    [InlineData("2026-Q4", "2026-10-01", "2027-01-01")]
    [InlineData("2026-12", "2026-12-01", "2027-01-01")]
    public void A_period_is_a_year_a_quarter_or_a_month(string text, string from, string until)
    {
        var period = ReportPeriod.TryParse(text)!;

        Assert.Equal((from, until), ($"{period.From:yyyy-MM-dd}", $"{period.Until:yyyy-MM-dd}"));
    }

    [Theory]
    [InlineData("2026-Q5")]
    [InlineData("2026-13")]
    [InlineData("2026-Q3 ")]
    [InlineData("1999")]
    [InlineData("")]
    public void Anything_else_is_none(string text) => Assert.Null(ReportPeriod.TryParse(text));

    private static int Number(JsonElement totals, string name) => totals.GetProperty(name).GetInt32();

    private async Task<Dictionary<string, string>> FilesAsync(string path)
    {
        var answer = await _host.GetAsync(_client, path);
        return answer.GetProperty("files").EnumerateArray().ToDictionary(
            file => file.GetProperty("name").GetString()!, file => file.GetProperty("text").GetString()!, StringComparer.Ordinal);
    }

    private void Write(Dictionary<string, string> files, IReadOnlyList<AuditRow> rows)
    {
        foreach (var (name, text) in files)
        {
            var bytes = name.EndsWith(".sig", StringComparison.Ordinal) ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
            File.WriteAllBytes(Path.Combine(_folder.FullName, name), bytes);
        }

        File.WriteAllLines(
            Path.Combine(_folder.FullName, "audit.jsonl"), rows.Select(row => JsonSerializer.Serialize(row, s_plain)));
    }

    /// <summary>What the script found wrong; empty for nothing.</summary>
    private async Task<string> ProblemsAsync(bool withAudit = true, bool checksAnything = true)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "eng", "check-report.py");
        var info = new ProcessStartInfo("python3", [script, _folder.FullName])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        if (withAudit)
        {
            info.ArgumentList.Add(Path.Combine(_folder.FullName, "audit.jsonl"));
        }

        using var process = Providers.Processes.ChildProcess.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync(None);
        var said = await process.StandardOutput.ReadToEndAsync(None);
        await process.WaitForExitAsync(None);
        Assert.True(process.ExitCode is 0 or 1 && said.Contains("ok   ", StringComparison.Ordinal) == checksAnything, said + await errors);
        var bad = string.Join('\n', said.Split('\n').Where(line => line.StartsWith("BAD", StringComparison.Ordinal)));
        Assert.Equal(process.ExitCode == 1, bad.Length > 0);
        return bad;
    }
}
