using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Api.Tests;

/// <summary>What waits for its hour: digests, and what is told before a scheduled rotation; and a person's try of a channel.</summary>
public sealed class NoticeTimingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<JsonNode> _got = [];
    private FakeVendor _vendor = null!;
    private NoticeHost? _host;
    private int _status = 204;

    private NoticeHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _vendor = await FakeVendor.StartAsync();
        _vendor.On("POST", "/{name}", request =>
        {
            request.LeaveUnread();
            var data = request.Json("type", "timestamp", "data")["data"]!;
            data["to"] = request.Part("name");
            _got.Add(data);
            return FakeReply.Empty(_status);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _vendor.DisposeAsync();
        _vendor.AssertClean();
    }

    [Fact]
    public async Task Calm_notices_of_a_day_are_one_message_and_the_others_go_at_once()
    {
        await StartAsync("digest: { at: \"17:00\", timeZone: Europe/Berlin }");
        await Host.TellAsync();
        await Host.RotationAsync(RotationState.Succeeded, RotationActions.Succeeded);
        await Host.TellAsync();
        await Host.RotationAsync(RotationState.RolledBack, RotationActions.RolledBack);
        await Host.TellAsync();
        await Host.SentAsync(1);
        Assert.Equal("failed", (string?)Assert.Single(_got)["kind"]);
        await Host.RotationAsync(RotationState.Succeeded, RotationActions.Succeeded);
        await Host.TellAsync();

        Host.Clock.AdvanceTo(new DateTimeOffset(2026, 3, 2, 15, 59, 0, TimeSpan.Zero));
        await Host.TellAsync();
        Assert.Single(await Host.DeliveriesAsync());
        Host.Clock.AdvanceTo(new DateTimeOffset(2026, 3, 2, 16, 0, 0, TimeSpan.Zero));
        await Host.TellAsync();
        await Host.SentAsync(2);
        await Host.RestartAsync();
        await Host.TellAsync();
        await Host.SentAsync(2);

        Assert.Equal(2, _got.Count);
        Assert.Equal(("digest", "Digest: 2 calm notices"), ((string?)_got[1]["kind"], (string?)_got[1]["title"]));
        Assert.Equal(2, ((string)_got[1]["text"]!).Split("- a-key: succeeded.").Length - 1);
        Assert.Single(await Host.RowsAsync(AuditActions.NoticeDigest));
    }

    [Fact]
    public async Task A_digest_has_what_came_after_the_one_before_also_where_nothing_ran_for_days()
    {
        await StartAsync("digest: { at: \"12:00\" }");
        await Host.TellAsync();
        await SucceedAsync();
        Host.Clock.Advance(TimeSpan.FromHours(2));
        await Host.TellAsync();
        await Host.SentAsync(1);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await SucceedAsync();
        Host.Clock.Advance(TimeSpan.FromDays(3));
        await Host.RestartAsync();
        await Host.TellAsync();
        await Host.SentAsync(2);
        Host.Clock.Advance(TimeSpan.FromDays(1));
        await Host.TellAsync();
        await Host.SentAsync(2);

        Assert.Equal(["a-key-1", "a-key-2"], _got.Select(digest => ((string)digest["text"]!).Split("rotunda show ")[1]));
        Assert.Equal(2, (await Host.RowsAsync(AuditActions.NoticeDigest)).Count);
    }

    [Fact]
    public async Task A_change_notice_goes_out_once_before_a_scheduled_rotation()
    {
        await StartAsync(
            "", "before: 24h\ncontact: platform@example.com",
            """
            a-key: { provider: { type: generated }, owner: payments, description: The shop's key, interval: 30d, grace: 12h }
            b-key: { provider: { type: generated } }
            """);
        await Host.Get<CatalogAdoption>().AdoptAllAsync(Host.Catalog, None);
        var id = await Host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested);
        Host.Clock.Advance(TimeSpan.FromHours(1));
        await Host.RecordAsync(id, RotationState.Running, RotationActions.ApprovalGiven);
        Host.Clock.Advance(TimeSpan.FromMinutes(7));
        await Host.RecordAsync(id, RotationState.Grace, RotationActions.GraceStarted);
        Host.Clock.Advance(TimeSpan.FromHours(12));
        await Host.RecordAsync(id, RotationState.Succeeded, RotationActions.Succeeded);
        var due = Host.Clock.GetUtcNow() + TimeSpan.FromDays(30);

        Host.Clock.AdvanceTo(due - TimeSpan.FromHours(25));
        await Host.TellAsync();
        Assert.DoesNotContain(_got, notice => (string?)notice["kind"] == "change");
        await Host.UntilAsync(all => all.All(one => one.HasEnded));
        Host.Clock.AdvanceTo(due - TimeSpan.FromHours(24));
        await Host.TellAsync();
        await Host.UntilAsync(all => all.All(one => one.HasEnded));
        await Host.RestartAsync();
        Host.Clock.Advance(TimeSpan.FromHours(3));
        await Host.TellAsync();
        await Host.UntilAsync(all => all.All(one => one.HasEnded));

        var change = Assert.Single(_got, notice => (string?)notice["kind"] == "change");
        Assert.Equal("a-key: scheduled rotation at 2026-04-01 23:07 UTC", (string?)change["title"]);
        Assert.Equal(
            """
            Service: The shop's key
            Date: 2026-04-01 23:07 UTC
            Duration: about 7m (the last 1: up to 7m). The old credential lives on for 12h.
            Impact: none expected: the old and the new credential work side by side.
            Contact: payments, platform@example.com
            """.ReplaceLineEndings("\n"),
            (string?)change["text"]);
    }

    /// <summary>The server was away when it was due: who was promised a day gets a day.</summary>
    [Fact]
    public async Task A_scheduled_rotation_waits_for_its_change_notice_and_the_time_after_it()
    {
        await StartAsync("", "before: 24h", "a-key: { provider: { type: generated }, interval: 30d }");
        var sweep = Host.Get<ScheduleSweep>();
        await sweep.RunOnceAsync(None);
        Host.Clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal(0, await sweep.RunOnceAsync(None));
        Assert.Equal("its change notice goes out 1d before it starts", Assert.Single((await NextAsync()).Why));
        await Host.TellAsync();
        await Host.UntilAsync(all => all.All(one => one.HasEnded));
        Assert.Contains(_got, notice => (string?)notice["title"] == "a-key: scheduled rotation at 2026-04-03 10:00 UTC");
        Host.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, await sweep.RunOnceAsync(None));
        var next = await NextAsync();
        Assert.Equal("its change notice went out at 2026-04-02 10:00 UTC, 1d before it starts", Assert.Single(next.Why));
        Assert.Equal(new DateTimeOffset(2026, 4, 3, 10, 0, 0, TimeSpan.Zero), next.StartsAt);

        Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await sweep.RunOnceAsync(None));
    }

    [Fact]
    public async Task Told_in_time_it_starts_as_due_and_one_that_cannot_be_sent_holds_it_until_it_is_given_up()
    {
        await StartAsync("", "before: 24h", "a-key: { provider: { type: generated }, interval: 30d }");
        var sweep = Host.Get<ScheduleSweep>();
        await sweep.RunOnceAsync(None);
        _status = 503;
        Host.Clock.Advance(TimeSpan.FromDays(29) - TimeSpan.FromMinutes(10));
        await Host.TellAsync();
        await Host.UntilAsync(all => all.Any(one => one.InstanceId.StartsWith("notice:desk", StringComparison.Ordinal)
            && one.CustomStatus is not null));
        Host.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(10));

        // The attempt that was due in the meantime is made now: at most five are left.
        for (var attempt = 0; attempt < 5 && (await NextAsync()).StartsAt is null; attempt++)
        {
            Assert.Equal(0, await sweep.RunOnceAsync(None));
            Assert.Equal("its change notice could not be sent by desk yet, and is tried for a day", Assert.Single((await NextAsync()).Why));
            var made = (await Host.DeliveriesAsync()).Sum(one => one.CustomStatus?.GetHashCode(StringComparison.Ordinal) ?? 0);
            Host.Clock.Advance(TimeSpan.FromMinutes(73));
            await Host.UntilAsync(all => all.All(one => one.HasEnded)
                || all.Sum(one => one.CustomStatus?.GetHashCode(StringComparison.Ordinal) ?? 0) != made);
        }

        await Host.UntilAsync(all => all.All(one => one.HasEnded));
        Assert.Equal(1, await sweep.RunOnceAsync(None));
    }

    private async Task<NextRun> NextAsync() => (await Host.Get<NextDesk>().ReadAsync("a-key", 1, None))!.Runs[0];

    [Fact]
    public async Task A_person_tries_channels_and_is_told_what_came_of_it()
    {
        await StartAsync("quietHours: { from: \"09:00\", to: \"12:00\" }");
        var desk = Host.Get<NoticeTestDesk>();

        var sent = await desk.TestAsync(await desk.ChannelsAsync(None), "ada", None);
        _status = 401;
        var refused = await desk.TestAsync(["desk"], "ada", None);

        Assert.Equal([("desk", true), ("other", true)], sent.Channels.Select(one => (one.Channel, one.Sent)));
        Assert.Contains("HTTP 401", Assert.Single(refused.Channels).Reason, StringComparison.Ordinal);
        Assert.Equal(["desk", "desk", "other"], _got.Select(one => (string)one["to"]!).Order(StringComparer.Ordinal));
        Assert.All(_got, one => Assert.Equal("test", (string?)one["kind"]));
        Assert.Equal(3, (await Host.RowsAsync(AuditActions.NoticeTested)).Count);
        Assert.Empty(await Host.DeliveriesAsync());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Conflict, "no-channels")]
    [InlineData("none", HttpStatusCode.Conflict, "no-channels")]
    public async Task Without_channels_there_is_nothing_to_try(string? channel, HttpStatusCode status, string code)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);

        using var answer = await client.PostAsJsonAsync("/api/notices/test", new { channel }, None);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    private async Task SucceedAsync()
    {
        await Host.RotationAsync(RotationState.Succeeded, RotationActions.Succeeded);
        await Host.TellAsync();
    }

    private async Task StartAsync(
        string own, string more = "link: https://rotunda.example.com", string secrets = "a-key: { provider: { type: generated } }")
    {
        _host = await NoticeHost.StartAsync(
            string.Join('\n',
                more,
                "channels:",
                $"  desk: {{ type: signed-webhook, url: \"{_vendor.Address}/desk\", key: env:KEY{(own.Length > 0 ? ", " + own : "")} }}",
                $"  other: {{ type: signed-webhook, url: \"{_vendor.Address}/other\", key: env:KEY }}",
                "routes:",
                "  all: { to: [desk] }",
                "  rest: { to: [other], kinds: [near-expiry] }"),
            secrets);
        _host.Environment["KEY"] = "a-key-0123456789";
    }
}
