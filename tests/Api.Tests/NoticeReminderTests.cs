using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Api.Tests;

/// <summary>What is told again, and to whom else, while nobody answers what a rotation asks.</summary>
public sealed class NoticeReminderTests : IAsyncLifetime
{
    private const string Asks = "a-key: { provider: { type: generated }, approval: { before: start, need: 2, timeout: 2d, remind: 4h, "
        + "from: { people: [anna, ben] }, escalate: { after: 10h, to: [lead] } } }";

    private const string Supplied = "a-key: { strategy: supplied, provider: { type: manual }, "
        + "ask: { create: a key, escalate: { after: 2d, to: [lead] } } }";

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<string> _got = [];
    private readonly List<string> _texts = [];
    private FakeVendor _vendor = null!;
    private NoticeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _vendor = await FakeVendor.StartAsync();
        _vendor.On("POST", "/{name}", request =>
        {
            request.LeaveUnread();
            var data = request.Json("type", "timestamp", "data")["data"]!;
            lock (_got)
            {
                _got.Add($"{request.Part("name")}: {data["kind"]}");
                _texts.Add($"{data["title"]}. {data["text"]}");
            }

            return FakeReply.Empty(204);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _vendor.DisposeAsync();
        _vendor.AssertClean();
    }

    [Fact]
    public async Task Who_has_not_answered_is_reminded_each_time_once_also_across_a_restart()
    {
        await StartAsync(Asks);
        var id = await AskAsync();
        await TellAsync(1, 1);
        await AfterAsync(TimeSpan.FromHours(3.9), tells: 0, sent: 1);
        await AfterAsync(TimeSpan.FromHours(0.2), tells: 1, sent: 2);
        await _host.RestartAsync();
        await AfterAsync(TimeSpan.FromHours(1), tells: 0, sent: 2);
        var step = (await _host.Ledger.GetRotationAsync(id, None))!.Plan.Steps.First(one => one.Kind == "Approval").Id;
        await _host.Ledger.DecideAsync(new DecisionInput(id, step, "anna", Verdicts.Approve, null, null), None);
        await AfterAsync(TimeSpan.FromHours(3), tells: 1, sent: 3);

        Assert.Contains("Approvals: 1 of 2.", _texts[^1], StringComparison.Ordinal);
        Assert.Contains("still waits for approval", _texts[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("still", _texts[0], StringComparison.Ordinal);
        await _host.RecordAsync(id, RotationState.Running, RotationActions.ApprovalGiven);
        await AfterAsync(TimeSpan.FromHours(40), tells: 0, sent: 3);
    }

    /// <summary>A night without a process gives one reminder, and the escalation, not one for each that was missed.</summary>
    [Fact]
    public async Task What_nothing_ran_to_tell_is_told_once()
    {
        await StartAsync(Asks);
        await AskAsync();
        await AfterAsync(TimeSpan.FromHours(13), tells: 2, sent: 3);

        Assert.Equal(["lead: escalated", "team: escalated", "team: needs-approval"], _got.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Others_are_told_once_where_nobody_answers_and_that_the_time_was_over()
    {
        await StartAsync(Asks, "all: { to: [team], severity: warning, kinds: [needs-approval] }");
        var id = await AskAsync();
        await TellAsync(1, 1);
        await AfterAsync(TimeSpan.FromHours(9.9), tells: 1, sent: 2);
        Assert.DoesNotContain(_got, line => line.StartsWith("lead", StringComparison.Ordinal));
        await AfterAsync(TimeSpan.FromHours(0.2), tells: 1, sent: 3);
        await _host.RestartAsync();
        await TellAsync(0, 3);
        Assert.Contains("lead: escalated", _got);
        Assert.Contains("Nobody has answered for 10h.", string.Join('\n', _texts), StringComparison.Ordinal);

        await _host.RecordAsync(id, RotationState.WaitingForApproval, RotationActions.ApprovalTimedOut, "no approval came in time");
        await _host.RecordAsync(id, RotationState.Cancelled, RotationActions.Cancelled, "no approval came in time");
        await TellAsync(1, 4);
        Assert.Contains("lead: expired", _got);
        Assert.Contains("no approval came in time.", _texts[^1], StringComparison.Ordinal);
        await _host.RestartAsync();
        await TellAsync(0, 4);
    }

    [Fact]
    public async Task A_value_that_nobody_gives_is_told_to_others_too()
    {
        await StartAsync(Supplied, "all: { to: [team], kinds: [needs-value] }");
        var id = await _host.RotationAsync(RotationState.WaitingForValue, RotationActions.ValueRequested);
        await TellAsync(1, 1);
        _host.Clock.Advance(TimeSpan.FromDays(1));
        await _host.RecordAsync(id, RotationState.WaitingForValue, RotationActions.ValueReminded);
        await TellAsync(1, 2);
        await AfterAsync(TimeSpan.FromDays(1), tells: 1, sent: 3);
        await AfterAsync(TimeSpan.FromDays(1), tells: 0, sent: 3);

        Assert.Equal(["team: needs-value", "team: needs-value", "lead: escalated"], _got);
        Assert.Contains("still waits for a value", _texts[1], StringComparison.Ordinal);

        // A person who is to end the old one may be late, too.
        await _host.RecordAsync(id, RotationState.WaitingForRevoke, RotationActions.RevokeRequested);
        await TellAsync(1, 4);
        await AfterAsync(TimeSpan.FromDays(2), tells: 1, sent: 5);
        Assert.Equal("lead: escalated", _got[^1]);
    }

    /// <summary>A reminder waits for the morning, and is not sent then if somebody has answered; an escalation does not wait.</summary>
    [Fact]
    public async Task In_quiet_hours_a_reminder_waits_and_is_dropped_where_it_was_answered()
    {
        await StartAsync(Asks, own: ", quietHours: { from: \"12:00\", to: \"22:00\" }");
        var id = await AskAsync();
        await TellAsync(1, 1);
        _host.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(1, await _host.TellAsync());
        await _host.UntilAsync(all => all.Count == 2 && all.Count(one => one.HasEnded) == 1);
        _host.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(2, await _host.TellAsync());
        await _host.UntilAsync(all => all.Count == 5 && all.Count(one => one.HasEnded) == 3);
        Assert.Equal(["lead: escalated", "team: escalated", "team: needs-approval"], _got.Order(StringComparer.Ordinal));

        await _host.RecordAsync(id, RotationState.Running, RotationActions.ApprovalGiven);
        _host.Clock.Advance(TimeSpan.FromHours(3));
        await _host.SentAsync(5);
        Assert.Equal(3, _got.Count);
    }

    private Task<string> AskAsync() => _host.RotationAsync(
        RotationState.WaitingForApproval, RotationActions.ApprovalRequested, until: _host.Clock.GetUtcNow() + TimeSpan.FromDays(2));

    private async Task AfterAsync(TimeSpan time, int tells, int sent)
    {
        _host.Clock.Advance(time);
        await TellAsync(tells, sent);
    }

    private async Task TellAsync(int tells, int sent)
    {
        Assert.Equal(tells, await _host.TellAsync());
        await _host.SentAsync(sent);
    }

    private async Task StartAsync(string secrets, string routes = "all: { to: [team] }", string own = "")
    {
        _host = await NoticeHost.StartAsync(
            string.Join('\n',
                "channels:",
                $"  team: {{ type: signed-webhook, url: \"{_vendor.Address}/team\", key: env:KEY{own} }}",
                $"  lead: {{ type: signed-webhook, url: \"{_vendor.Address}/lead\", key: env:KEY }}",
                "routes:",
                $"  {routes}",
                "  never: { to: [lead], kinds: [due-soon] }"),
            secrets);
        _host.Environment["KEY"] = "canary-webhook-key-0123456789";
    }
}
