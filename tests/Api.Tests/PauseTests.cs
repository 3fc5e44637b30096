using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>What people pause of the schedule, by command.</summary>
public sealed class PauseTests
{
    private const string Secrets = "a-key: { provider: { type: generated }, interval: 30d, tags: [shop] }\n"
        + "b-key: { provider: { type: generated }, interval: 30d, paused: { until: 2026-04-10, reason: \"a move\" } }";

    private const string Nobody = "channels: { a: { type: email, host: localhost, from: a@example.com, to: [b@example.com] } }\n"
        + "routes: { all: { to: [a], kinds: [drifted] } }";

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(PauseScope.Secret, "a-key")]
    [InlineData(PauseScope.Tag, "shop")]
    [InlineData(PauseScope.All, null)]
    public async Task What_is_paused_does_not_start_by_schedule_until_then_and_says_who_and_why(string kind, string? name)
    {
        await using var host = await NoticeHost.StartAsync(Nobody, Secrets);
        Assert.Equal(0, await host.Get<ScheduleSweep>().RunOnceAsync(None));
        var until = host.Clock.GetUtcNow() + TimeSpan.FromDays(35);
        await host.Ledger.PauseAsync(new PauseScope(kind, name), until, "the fair", "ada", None);
        Assert.EndsWith("Scheduled rotations are paused until 2026-04-06 10:00 UTC (by ada: the fair).", (await StatusAsync(host)).Message,
            StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromDays(33));
        await host.RestartAsync();

        Assert.Equal(0, await host.Get<ScheduleSweep>().RunOnceAsync(None));
        var run = (await host.Get<NextDesk>().ReadAsync("a-key", 2, None))!.Runs[0];
        Assert.Equal((until, "paused by ada: the fair"), (run.StartsAt, run.Why.Single()));
        var status = await StatusAsync(host);
        Assert.Equal("Due, and paused until 2026-04-06 10:00 UTC (by ada: the fair).", status.Message);
        Assert.Equal((until, "the fair", "ada"), (status.Paused!.Until, status.Paused.Reason, status.Paused.By));
        Assert.NotEqual(ScheduleGroup.Overdue, status.Group);
        Assert.Equal("2026-04-10", $"{(await StatusAsync(host, "b-key")).Paused!.Until:yyyy-MM-dd}");

        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await host.Get<ScheduleSweep>().RunOnceAsync(None));
        Assert.Empty(await host.Ledger.ListPausesAsync(None));
    }

    [Fact]
    public async Task It_ends_by_command_and_another_of_the_same_scope_takes_its_place()
    {
        await using var host = await NoticeHost.StartAsync(Nobody, Secrets);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        var (now, scope) = (host.Clock.GetUtcNow(), PauseScope.OfSecret("a-key"));
        await host.Ledger.PauseAsync(scope, now + TimeSpan.FromDays(90), "long", "ada", None);
        await host.Ledger.PauseAsync(scope, now + TimeSpan.FromDays(60), "shorter", "ben", None);
        Assert.Equal("shorter", Assert.Single(await host.Ledger.ListPausesAsync(None)).Reason);
        host.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(0, await host.Get<ScheduleSweep>().RunOnceAsync(None));

        Assert.Null(await host.Ledger.ResumeAsync(PauseScope.Everything, "another scope", "ada", None));
        Assert.Equal("ben", (await host.Ledger.ResumeAsync(scope, "over", "ada", None))!.By);
        Assert.Null(await host.Ledger.ResumeAsync(scope, "again", "ada", None));
        Assert.Equal(1, await host.Get<ScheduleSweep>().RunOnceAsync(None));
        Assert.Equal(
            ["ada a-key: until 2026-05-31T10:00:00.0000000Z: long", "ben a-key: until 2026-05-01T10:00:00.0000000Z: shorter"],
            (await host.RowsAsync(AuditActions.SchedulePaused)).Select(row => $"{row.Actor} {row.Detail}"));
        Assert.Equal("a-key: over", Assert.Single(await host.RowsAsync(AuditActions.ScheduleResumed)).Detail);
    }

    [Fact]
    public async Task An_emergency_goes_ahead_and_says_so_and_a_new_name_is_paused_as_the_old_one()
    {
        await using var host = await NoticeHost.StartAsync(Nobody, Secrets);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        await host.Ledger.PauseAsync(PauseScope.OfTag("shop"), host.Clock.GetUtcNow() + TimeSpan.FromDays(9), "the fair", "ada", None);

        var started = await host.Get<RotationDesk>().StartAsync(
            new StartRequest("a-key", RotationTrigger.Emergency, "leaked", "eve", Incident: "INC-1"), None);
        Assert.Equal(StartOutcomeKind.Started, started.Kind);
        Assert.Contains(
            "Scheduled rotations of it are paused until 2026-03-11 10:00 UTC (by ada: the fair). An emergency goes ahead all the same.",
            (await host.Ledger.GetRotationAsync(started.RotationId!, None))!.Plan.Warnings);

        await host.Ledger.PauseAsync(PauseScope.OfSecret("b-key"), host.Clock.GetUtcNow() + TimeSpan.FromDays(9), "the fair", "ada", None);
        await host.Ledger.RenameAsync("b-key", "c-key", "ada", null, None);
        Assert.Equal("c-key", (await host.Ledger.ListPausesAsync(None)).Single(pause => pause.Scope.Kind == PauseScope.Secret).Scope.Name);
    }

    [Fact]
    public async Task By_http_it_takes_a_moment_that_comes_a_reason_and_one_scope()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with { Tags = ["shop"] }, ApiHost.Policy("b-key"));
        using var client = host.Client(Role.Operator, "olaf");
        foreach (var (path, body, code) in new (string, object, HttpStatusCode)[]
                 {
                     ("/api/secrets/a-key/pause", new { until = "48h" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/a-key/pause", new { reason = "why" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/a-key/pause", new { until = "tomorrow", reason = "why" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/a-key/pause", new { until = "2020-01-01", reason = "why" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/a-key/pause", new { until = "400d", reason = "why" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/a-key/pause", new { until = "48h", reason = "why", tag = "shop" }, HttpStatusCode.BadRequest),
                     ("/api/secrets/c-key/pause", new { until = "48h", reason = "why" }, HttpStatusCode.NotFound),
                     ("/api/secrets/a-key/resume", new { reason = "why" }, HttpStatusCode.Conflict),
                     ("/api/pauses", new { until = "48h", reason = "why", tag = "shpo" }, HttpStatusCode.BadRequest),
                     ("/api/pauses/end", new { reason = "why", tag = "shop" }, HttpStatusCode.Conflict),
                 })
        {
            using var refused = await client.PostAsJsonAsync(path, body, None);
            Assert.Equal(code, refused.StatusCode);
        }

        foreach (var (path, body) in new (string, object)[]
                 {
                     ("/api/secrets/b-key/pause", new { until = "48h", reason = "one" }),
                     ("/api/pauses", new { until = $"{DateTime.UtcNow.AddDays(3):yyyy-MM-dd}", reason = "two", tag = "shop" }),
                     ("/api/pauses", new { until = $"{DateTime.UtcNow.AddDays(3):yyyy-MM-dd'T'HH:mm}Z", reason = "three" }),
                 })
        {
            using var made = await client.PostAsJsonAsync(path, body, None);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        var list = (await client.GetFromJsonAsync<JsonNode>("/api/pauses", None))!["pauses"]!.AsArray();
        Assert.Equal(["secret b-key one olaf", "tag shop two olaf", "all  three olaf"],
            list.Select(pause => $"{pause!["scope"]} {pause["name"]} {pause["reason"]} {pause["by"]}"));
        using var ended = await client.PostAsJsonAsync("/api/pauses/end", new { reason = "over", tag = "shop" }, None);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        var secret = (await client.GetFromJsonAsync<JsonNode>("/api/secrets/a-key", None))!["summary"]!["paused"]!;
        Assert.Equal("three", (string?)secret["reason"]);
    }

    private static async Task<Rotunda.Api.Views.SecretSummary> StatusAsync(NoticeHost host, string secret = "a-key") =>
        (await host.Get<StatusReader>().GetSecretAsync(secret, None))!.Summary;
}
