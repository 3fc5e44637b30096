using System.Text.Json.Nodes;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Api.Tests;

/// <summary>From what the desk finds to what a service gets, by a real engine on a clock of the test's own.</summary>
public sealed class NoticeDeliveryTests : IAsyncLifetime
{
    private const string Key = "canary-webhook-key-0123456789";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<JsonObject> _got = [];
    private FakeVendor _vendor = null!;
    private NoticeHost _host = null!;

    /// <summary>What the service answers.</summary>
    private int _status = 204;

    public async ValueTask InitializeAsync()
    {
        _vendor = await FakeVendor.StartAsync();
        _vendor.On("POST", "/{name}", request =>
        {
            request.LeaveUnread();
            if (_status < 300)
            {
                _got.Add(request.Json("type", "timestamp", "data"));
            }

            return FakeReply.Json(_status, new JsonObject { ["message"] = $"{request.Text} {Key}" });
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _vendor.DisposeAsync();
        _vendor.AssertClean();
    }

    [Fact]
    public async Task What_is_found_is_sent_once_also_after_a_restart_and_by_another_desk()
    {
        await StartAsync("all: { to: [desk] }");
        var id = await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck, detail: "The vendor is down.");

        Assert.Equal(1, await _host.TellAsync());
        await _host.SentAsync(1);
        await _host.RestartAsync();
        Assert.Equal(0, await _host.TellAsync());

        var data = Assert.Single(_got)["data"]!;
        Assert.Equal(("stuck", "urgent"), ((string?)data["kind"], (string?)data["severity"]));
        Assert.Equal($"a-key: rotation {id} is stuck", (string?)data["title"]);
        Assert.StartsWith("The vendor is down.", (string?)data["text"], StringComparison.Ordinal);
        Assert.Equal($"https://rotunda.example.com/rotations/{id}", (string?)data["link"]);
    }

    /// <summary>The process dies after it was scheduled, and before it was on record.</summary>
    [Fact]
    public async Task What_was_scheduled_and_is_not_on_record_is_not_sent_twice()
    {
        await StartAsync("all: { to: [desk] }");
        var notice = new Notice(Notice.Overdue, "a-key", null, "due 2026-03-01", "It is overdue.");
        await _host.Get<NoticeDispatch>().SendAsync(notice, None);
        await _host.SentAsync(1);
        await _host.RestartAsync();

        Assert.True(await _host.Get<NoticeDesk>().TellAsync(notice, None));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _host.Get<NoticeDispatch>().SendAsync(notice, None)));

        Assert.Single(await _host.DeliveriesAsync());
        Assert.Single(await _host.RowsAsync(Notice.Overdue));
        Assert.Single(_got);
    }

    [Fact]
    public async Task A_service_that_is_down_is_tried_again_and_no_rotation_waits_for_it()
    {
        await StartAsync("all: { to: [desk] }");
        _status = 503;
        await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck);
        await _host.TellAsync();
        await FailedAsync(1);
        Assert.Contains("tried again for a day", Assert.Single(await DoctorAsync(FindingLevel.Warning)).Message, StringComparison.Ordinal);
        await _host.RestartAsync();

        _status = 204;
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        await _host.SentAsync(1);

        Assert.Single(_got);
        var row = Assert.Single(await _host.RowsAsync(AuditActions.NoticeNotSent));
        Assert.Equal(("a-key", "a-key-1"), (row.Secret, row.RotationId));
        Assert.DoesNotContain(Key, row.Detail, StringComparison.Ordinal);
        Assert.Empty(await DoctorAsync(FindingLevel.Warning));
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_on_record_and_at_the_doctors()
    {
        await StartAsync("all: { to: [desk] }");
        _status = 401;
        await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck);
        await _host.TellAsync();

        var attempts = 0;
        while (!(await _host.UntilAsync(all => all[0].HasEnded || AttemptsOf(all[0]) > attempts))[0].HasEnded)
        {
            attempts = AttemptsOf((await _host.DeliveriesAsync())[0]);
            // Longer than any pause.
            _host.Clock.Advance(TimeSpan.FromMinutes(73));
        }

        Assert.InRange(attempts, 18, 20);
        Assert.Single(await _host.RowsAsync(AuditActions.NoticeNotSent));
        Assert.Contains("HTTP 401", Assert.Single(await _host.RowsAsync(AuditActions.NoticeGivenUp)).Detail, StringComparison.Ordinal);
        Assert.Equal("desk", Assert.Single(await DoctorAsync(FindingLevel.Problem)).Part);
        _host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await DoctorAsync(FindingLevel.Problem));
    }

    [Fact]
    public async Task A_corrected_catalog_helps_what_is_under_way()
    {
        await StartAsync("all: { to: [desk] }");
        _host.SetNotices(Block("all: { to: [desk] }", "http://127.0.0.1:1"));
        await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck);
        await _host.TellAsync();
        await FailedAsync(1);

        _host.SetNotices(Block("all: { to: [desk] }", _vendor.Address));
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        await _host.SentAsync(1);

        Assert.Single(_got);
    }

    [Fact]
    public async Task A_team_s_own_words_go_out()
    {
        await StartAsync("all: { to: [desk] }");
        _host.SetNotices(Block("all: { to: [desk] }", _vendor.Address).Replace(
            "routes:", "texts: { stuck: { title: \"{secret} of {owner}\", text: \"{text} Runbook: {link}\" } }\nroutes:",
            StringComparison.Ordinal));
        var id = await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck, detail: "The vendor is down.");

        await _host.TellAsync();
        await _host.SentAsync(1);

        var data = Assert.Single(_got)["data"]!;
        Assert.Equal("a-key of team", (string?)data["title"]);
        Assert.StartsWith("The vendor is down.", (string?)data["text"], StringComparison.Ordinal);
        Assert.EndsWith($"Runbook: https://rotunda.example.com/rotations/{id}", (string?)data["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_rotations_wait_for_and_how_they_end_is_told()
    {
        await StartAsync("all: { to: [desk] }");
        await _host.TellAsync();
        var id = await _host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested, detail: "Start it?");
        await _host.TellAsync();
        await _host.RecordAsync(id, RotationState.WaitingForValue, RotationActions.ValueRequested, "Make a key.");
        await _host.TellAsync();
        await _host.RecordAsync(id, RotationState.WaitingForValue, RotationActions.ValueReminded, "Make a key.");
        await _host.TellAsync();
        await _host.RecordAsync(id, RotationState.WaitingForRevoke, RotationActions.RevokeRequested, "End the old one.");
        await _host.TellAsync();
        await _host.RecordAsync(id, RotationState.Succeeded, RotationActions.Succeeded);
        await _host.TellAsync();
        var other = await _host.RotationAsync(RotationState.RolledBack, RotationActions.RolledBack, detail: "The vendor refused it.");
        await _host.TellAsync();
        var emergency = await _host.RotationAsync(RotationState.Running, RotationActions.Started, RotationTrigger.Emergency);
        await _host.TellAsync();
        await _host.RecordAsync(emergency, RotationState.Succeeded, RotationActions.Succeeded);
        await _host.TellAsync();
        Assert.Equal(0, await _host.TellAsync());
        await _host.SentAsync(8);

        Assert.Equal(
            [
                $"emergency-ended {emergency} True", $"emergency-opened {emergency} False", $"failed {other} False",
                $"needs-approval {id} False", $"needs-value {id} False", $"needs-value {id} False", $"needs-value {id} False",
                $"succeeded {id} False",
            ],
            _got.Select(one => one["data"]!).Select(data => $"{data["kind"]} {data["rotation"]} {data["ends"]!.GetValue<bool>()}")
                .Order(StringComparer.Ordinal));
        var about = _got.Select(one => one["data"]!).Where(data => (string?)data["rotation"] == emergency);
        Assert.Single(about.Select(data => (string?)data["condition"]).Distinct());
        Assert.All(about, data => Assert.Contains("INC-1", (string?)data["text"], StringComparison.Ordinal));
    }

    /// <summary>A process that was not there when it ended tells it, and what ended long before is not told again.</summary>
    [Fact]
    public async Task After_a_start_the_ends_of_the_last_days_are_told_once()
    {
        await StartAsync("all: { to: [desk] }");
        await _host.RotationAsync(RotationState.Succeeded, RotationActions.Succeeded);
        _host.Clock.Advance(TimeSpan.FromDays(5));
        await _host.RotationAsync(RotationState.RolledBack, RotationActions.RolledBack);
        await _host.RestartAsync();

        await _host.TellAsync();
        await _host.SentAsync(1);
        await _host.RestartAsync();
        Assert.Equal(0, await _host.TellAsync());

        Assert.Equal(
            [Notice.Failed],
            (await _host.Ledger.ReadAuditAsync(new AuditFilter(), None)).Select(row => row.Action)
                .Where(action => action.StartsWith(NoticeKinds.Prefix, StringComparison.Ordinal)));
        Assert.Equal("failed", (string?)Assert.Single(_got)["data"]!["kind"]);
    }

    [Fact]
    public async Task A_catalog_that_breaks_and_is_well_again_is_told_once_each()
    {
        await StartAsync("all: { to: [desk] }");
        Assert.Equal(0, await _host.TellAsync());
        _host.Break("catalog.yaml:3:1: there is no provider \"gnerated\".");
        Assert.Equal(1, await _host.TellAsync());
        await _host.SentAsync(1);
        _host.Break("catalog.yaml:4:1: another problem");
        Assert.Equal(0, await _host.TellAsync());
        await _host.RestartAsync();
        _host.Break("catalog.yaml:4:1: another problem");
        Assert.Equal(0, await _host.TellAsync());
        _host.Break(null);
        Assert.Equal(1, await _host.TellAsync());
        Assert.Equal(0, await _host.TellAsync());
        // Each is delivered by itself: two at once may arrive in any order.
        await _host.SentAsync(2);
        _host.Break("gone");
        Assert.Equal(1, await _host.TellAsync());
        await _host.SentAsync(3);

        var told = _got.Select(one => one["data"]!).ToList();
        Assert.Equal(["catalog-broken", "catalog-mended", "catalog-broken"], told.Select(data => (string?)data["kind"]));
        Assert.Contains("gnerated", (string?)told[0]["text"], StringComparison.Ordinal);
        Assert.All(told, data => Assert.Equal(("catalog", null), ((string?)data["condition"], (string?)data["secret"])));
        Assert.True(told[1]["ends"]!.GetValue<bool>());
    }

    [Fact]
    public async Task In_quiet_hours_all_but_urgent_ones_wait()
    {
        await StartAsync("all: { to: [desk] }", "quietHours: { from: \"09:00\", to: \"12:00\" }");
        await _host.RotationAsync(RotationState.Succeeded, RotationActions.Succeeded);
        await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck);
        await _host.TellAsync();
        await _host.UntilAsync(all => all.Count == 2 && all.Count(one => one.HasEnded) == 1);
        Assert.Equal("stuck", (string?)Assert.Single(_got)["data"]!["kind"]);

        _host.Clock.AdvanceTo(new DateTimeOffset(2026, 3, 2, 11, 59, 59, TimeSpan.Zero));
        await _host.RestartAsync();
        Assert.Single(_got);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await _host.SentAsync(2);

        Assert.Equal("succeeded", (string?)_got[1]["data"]!["kind"]);
    }

    /// <summary>The reason of a failure is what a step said, which has its values taken out; the channel's own key is nowhere.</summary>
    [Fact]
    public async Task No_key_is_in_a_history_the_audit_or_a_message()
    {
        await StartAsync("all: { to: [desk] }");
        _status = 500;
        await _host.RotationAsync(RotationState.Stuck, RotationActions.Stuck);
        await _host.TellAsync();
        await FailedAsync(1);
        _status = 204;
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        var all = await _host.SentAsync(1);

        var texts = all.SelectMany(one => new[] { one.Input, one.Output, one.CustomStatus })
            .Concat((await _host.Ledger.ReadAuditAsync(new AuditFilter(), None)).Select(row => row.Detail))
            .Concat(_got.Select(one => one.ToJsonString()));
        Assert.All(texts, text => Assert.DoesNotContain(Key, text ?? "", StringComparison.Ordinal));
    }

    private static int AttemptsOf(OrchestrationState delivery) =>
        delivery.CustomStatus is { } status ? (int)JsonNode.Parse(status)!["attempts"]! : 0;

    private Task<IReadOnlyList<OrchestrationState>> FailedAsync(int attempts) =>
        _host.UntilAsync(all => all.Count > 0 && all.All(one => AttemptsOf(one) == attempts));

    private async Task<IReadOnlyList<DoctorFinding>> DoctorAsync(FindingLevel level) =>
        [.. (await _host.Get<NoticeFailures>().LookAsync(None)).Where(finding => finding.Level == level)];

    private async Task StartAsync(
        string routes, string own = "", string secrets = "a-key: { provider: { type: generated }, owner: team }")
    {
        _host = await NoticeHost.StartAsync(Block(routes, _vendor.Address, own), secrets);
        _host.Environment["KEY"] = Key;
    }

    private static string Block(string routes, string address, string own = "") => string.Join('\n',
        "link: https://rotunda.example.com",
        "channels:",
        $"  desk: {{ type: signed-webhook, url: \"{address}/desk\", key: env:KEY{(own.Length > 0 ? ", " + own : "")} }}",
        "routes:",
        $"  {routes}");
}
