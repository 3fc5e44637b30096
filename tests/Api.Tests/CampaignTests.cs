using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Desk;
using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Campaigns from their preview to their end: the turns are taken by hand, and rotations end as the test says.</summary>
public sealed class CampaignTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ApiHost _host = null!;
    private HttpClient _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            Policy("low-key", RiskClass.Low, "platform"), Policy("high-key", RiskClass.High, "platform"),
            Policy("wide-key", RiskClass.High, "platform", targets: 2), Policy("plain-key", null, "platform"),
            Policy("shop-key", RiskClass.High, "shop"),
            Policy("asked-key", RiskClass.Infrastructure, "platform") with { Approval = new ApprovalPolicy(ApprovalMoment.Start, null) });
        foreach (var name in _host.Catalog.Policies.Keys)
        {
            await _host.Ledger.AdoptAsync(new AdoptSecret(name, "ada", null), None);
        }

        _ada = _host.Client(Role.Admin, "ada");
    }

    public async ValueTask DisposeAsync()
    {
        _ada.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_preview_says_what_in_which_order_and_whom_it_needs_and_starts_nothing()
    {
        var preview = await PreviewAsync(new CampaignBody("owner=platform", Reason: "spring"));

        Assert.Equal(("plain", 5), (preview.Kind, preview.Members));
        Assert.Equal(["wide-key", "high-key", "low-key", "asked-key", "plain-key"], preview.Order.Select(one => one.Secret));
        Assert.Equal([("high", 2), ("low", 1), ("infrastructure", 1), (null, 1)], preview.Risks.Select(one => (one.Risk, one.Members)));
        Assert.Equal(("asked-key", "an approval"), Only(preview.NeedPeople));
        Assert.Equal((0, 0), (preview.CannotNow.Count, preview.LeftOut.Count));
        // Five of thirty seconds each, a guess, four at once.
        Assert.Equal(("generated", 5, 38L, false), Assert.Single(preview.Providers) is var at
            ? (at.Provider, at.Members, at.Seconds, at.Known) : default);
        Assert.Equal(38, preview.Seconds);
        Assert.Empty(await _host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        Assert.Empty(await _host.Ledger.ListCampaignsAsync(openOnly: false, 10, None));
    }

    [Fact]
    public async Task What_cannot_rotate_now_is_said_and_waits_or_is_taken_over_in_an_emergency()
    {
        await StartRotationAsync("high-key");
        await StateAsync("high-key-1", 1, RotationState.Stuck);
        _host.SetCatalog([.. _host.Catalog.Policies.Values, Policy("new-key", null, "platform")]);

        var body = new CampaignBody("owner=platform", Reason: "spring", PerProvider: 8);
        var plain = await PreviewAsync(body);
        Assert.Equal(["high-key", "new-key"], plain.CannotNow.First.Select(one => one.Secret));
        Assert.Contains("high-key-1 is open (stuck)", plain.CannotNow.First[0].Why);
        Assert.Contains("not adopted", plain.CannotNow.First[1].Why);
        var emergency = await PreviewAsync(body with { Incident = "INC-1" });
        Assert.Equal(["new-key"], emergency.CannotNow.First.Select(one => one.Secret));
        Assert.NotEqual(plain.Hash, emergency.Hash);

        var id = await StartAsync(body);
        await TurnAsync(id);
        Assert.Equal(
            ("to-come", "high-key-1 is open"),
            (await MembersAsync(id)).Single(one => one.Secret == "high-key") is var held ? (held.Phase, held.Why) : default);
        await StateAsync("high-key-1", 2, RotationState.RolledBack);
        await TurnAsync(id);
        Assert.Equal("high-key-2", (await MembersAsync(id)).Single(one => one.Secret == "high-key").RotationId);

        await TurnAsync(await StartAsync(body with { Incident = "INC-1" }));
        Assert.Equal(RotationState.Superseded, (await _host.Ledger.GetRotationAsync("high-key-2", None))!.State);
    }

    [Fact]
    public async Task It_starts_in_order_as_many_as_the_pace_allows_and_each_member_once()
    {
        var id = await StartAsync(
            new CampaignBody("owner=platform", Reason: "a leak", Incident: "INC-1", PerProvider: 2, RevokeFirst: true));
        var first = await TurnAsync(id);
        Assert.Equal((2, 3, false), (first.Counts.Moving, first.Counts.ToCome, first.HasEnded));
        // A turn may run twice, or break off before it is known.
        Assert.Equal(first, await TurnAsync(id));
        var rotation = (await _host.Ledger.GetRotationAsync("wide-key-1", None))!;
        Assert.Equal(
            (RotationTrigger.Emergency, "INC-1", "a leak (campaign-1)", "ada"),
            (rotation.Trigger, rotation.Incident, rotation.Reason, rotation.RequestedBy));
        Assert.True(_host.Engine.Instances.ContainsKey("high-key-1"));
        Assert.False(_host.Engine.Instances.ContainsKey("low-key-1"));

        await StateAsync("wide-key-1", 1, RotationState.Succeeded);
        await StateAsync("high-key-1", 1, RotationState.Stuck);
        Assert.Equal((2, 1, 1, 1), await TurnAsync(id) is var two
            ? (two.Counts.Moving, two.Counts.Done, two.Counts.Stuck, two.Counts.ToCome) : default);
        var view = await ViewAsync(id);
        Assert.Equal((20, "running"), (view.Campaign.Percent, view.Campaign.State));
        Assert.Equal(
            ("high", 2, 1, 1), (view.Exposure[0].Risk, view.Exposure[0].Members, view.Exposure[0].OldInUse, view.Exposure[0].Dead));
        Assert.Equal(("high-key", "high-key-1"), Assert.Single(view.Look) is var look ? (look.Secret, look.RotationId) : default);

        await StateAsync("high-key-1", 2, RotationState.Succeeded);
        foreach (var (rotationId, _) in new[] { ("low-key-1", 1), ("asked-key-1", 1) })
        {
            await StateAsync(rotationId, 1, RotationState.Succeeded);
        }

        await TurnAsync(id);
        await StateAsync("plain-key-1", 1, RotationState.RolledBack);
        var last = await TurnAsync(id);
        Assert.Equal(("done", true), (last.State, last.HasEnded));
        Assert.Equal((80, "done"), await ViewAsync(id) is var done ? (done.Campaign.Percent, done.Campaign.State) : default);
        Assert.True((await TurnAsync(id)).HasEnded);
        Assert.Equal(
            ["campaign.started", "notice.campaign-begun", "notice.campaign-needs-people", "campaign.done", "notice.campaign-ended"],
            (await _host.Ledger.ReadAuditAsync(new AuditFilter(), None)).Select(row => row.Action)
                .Where(action => action.Contains("campaign", StringComparison.Ordinal)));

        // What failed is tried again, by another orchestration of the same campaign.
        var again = await SayAsync(id, "retry");
        Assert.Contains("1 that failed", again.Message);
        Assert.True(_host.Engine.Instances.ContainsKey("campaign:campaign-1:2"));
        Assert.True((await TurnAsync(id)).HasEnded);
        Assert.Equal(1, (await TurnAsync(id, run: 2)).Counts.Moving);
        await StateAsync("plain-key-2", 1, RotationState.Succeeded);
        Assert.Equal((5, true), await TurnAsync(id, run: 2) is var end ? (end.Counts.Done, end.HasEnded) : default);
    }

    [Fact]
    public async Task It_is_paused_resumed_and_stopped_and_each_word_wakes_it()
    {
        var id = await StartAsync(new CampaignBody("owner=platform", Reason: "spring", AtOnce: 1));
        await TurnAsync(id);
        await SayAsync(id, "pause");
        Assert.Equal(("campaign:campaign-1:1", CampaignNames.WakeEvent), _host.Engine.Events.Last() is var woken
            ? (woken.InstanceId, woken.Name) : default);
        await StateAsync("wide-key-1", 1, RotationState.Succeeded);
        Assert.Equal(("paused", 0, 4), await TurnAsync(id) is var paused
            ? (paused.State, paused.Counts.Moving, paused.Counts.ToCome) : default);
        Assert.Equal(["resume", "stop"], (await ViewAsync(id)).Can.Select(one => one.Verb));
        await RefusesAsync(_ada, id, "pause", HttpStatusCode.Conflict, "wrong-state");
        await SayAsync(id, "resume");
        Assert.Equal(1, (await TurnAsync(id)).Counts.Moving);
        await SayAsync(id, "stop");
        Assert.Equal(("stopped", true, 1, 3), await TurnAsync(id) is var stopped
            ? (stopped.State, stopped.HasEnded, stopped.Counts.Moving, stopped.Counts.ToCome) : default);
        await RefusesAsync(_ada, id, "retry", HttpStatusCode.Conflict, "wrong-state");
        Assert.Equal("ada", (await ViewAsync(id)).ChangedBy);
    }

    [Fact]
    public async Task Stuck_members_are_resumed_by_a_retry_and_what_cannot_start_keeps_nobody_waiting()
    {
        var id = await StartAsync(new CampaignBody("owner=platform", Reason: "spring"));
        _host.SetCatalog([.. _host.Catalog.Policies.Values.Where(one => one.Name != "wide-key")]);
        await TurnAsync(id);
        var refused = (await MembersAsync(id))[0];
        Assert.Equal(("wide-key", "failed"), (refused.Secret, refused.Phase));
        Assert.Contains("wide-key", refused.Why);
        Assert.Equal(4, (await TurnAsync(id)).Counts.Moving);
        await StateAsync("high-key-1", 1, RotationState.Stuck);
        Assert.Contains("1 that failed start again, and 1 stuck ones", (await SayAsync(id, "retry")).Message);
        Assert.Contains(_host.Engine.Events, one => one.InstanceId == "high-key-1" && one.Name == RotationNames.ControlEvent);
    }

    [Fact]
    public async Task A_start_is_of_what_was_shown_and_the_same_key_starts_one()
    {
        var body = new CampaignBody(All: true, Reason: "the vault was opened", Incident: "INC-9");
        var preview = await PreviewAsync(body);
        Assert.Equal((6, null), (preview.Members, preview.Selector));
        _host.SetCatalog([.. _host.Catalog.Policies.Values.Where(one => one.Name != "low-key")]);
        using var other = await PostAsync(_ada, "/api/campaigns", body with { Preview = preview.Hash });
        Assert.Equal((HttpStatusCode.Conflict, "other-preview"), (other.StatusCode, await CodeAsync(other)));
        Assert.Empty(await _host.Ledger.ListCampaignsAsync(openOnly: false, 10, None));

        var agreed = body with { Preview = (await PreviewAsync(body)).Hash };
        _ada.DefaultRequestHeaders.Add("Idempotency-Key", "one");
        using var first = await PostAsync(_ada, "/api/campaigns", agreed);
        using var second = await PostAsync(_ada, "/api/campaigns", agreed);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        Assert.Equal("/api/campaigns/campaign-1", second.Headers.Location!.ToString());
        Assert.Single(await _host.Ledger.ListCampaignsAsync(openOnly: false, 10, None));
    }

    [Theory]
    [InlineData("""{"reason":"x"}""", "select")]
    [InlineData("""{"reason":"x","all":true,"select":"tag=a"}""", "select")]
    [InlineData("""{"reason":"x","select":"tga=a"}""", "select")]
    [InlineData("""{"reason":"x","select":"risk=huge"}""", "select")]
    [InlineData("""{"reason":"x","select":"name="}""", "select")]
    [InlineData("""{"select":"tag=a"}""", "reason")]
    [InlineData("""{"reason":"x","all":true,"revokeFirst":true}""", "revokeFirst")]
    [InlineData("""{"reason":"x","all":true,"atOnce":0}""", "atOnce")]
    public async Task What_cannot_be_meant_is_refused_with_the_field(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _ada.PostAsync("/api/campaigns/preview", content, None);
        var problem = (await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemView, None))!;
        Assert.Equal((HttpStatusCode.BadRequest, field), (response.StatusCode, problem.Field));
    }

    [Fact]
    public async Task A_selector_that_finds_nothing_is_refused()
    {
        using var response = await PostAsync(_ada, "/api/campaigns/preview", new CampaignBody("tag=none", Reason: "x"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "nothing-selected"), (response.StatusCode, await CodeAsync(response)));
    }

    [Fact]
    public async Task One_with_a_role_for_some_secrets_rotates_these_and_is_told_what_is_left_out()
    {
        using var shop = _host.Client(null);
        var (_, token) = _host.Tokens.Create(new NewToken("shop", Role.Operator) { On = [Selector.TryParse("owner=shop")!] });
        shop.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var body = new CampaignBody("risk=high", Reason: "a leak", Incident: "INC-1");
        var preview = await PreviewAsync(body, shop);
        Assert.Equal((1, "shop-key"), (preview.Members, preview.Order[0].Secret));
        Assert.Equal(["high-key", "wide-key"], preview.LeftOut.First.Select(one => one.Secret));
        using var own = await PostAsync(shop, "/api/campaigns", body with { Preview = preview.Hash });
        Assert.Equal(HttpStatusCode.Accepted, own.StatusCode);

        var whole = await StartAsync(body);
        await RefusesAsync(shop, whole, "stop", HttpStatusCode.Forbidden, "not-granted");
        var seen = (await shop.GetFromJsonAsync($"/api/campaigns/{whole}", ApiJson.Default.CampaignView, None))!;
        Assert.All(seen.Can, can => Assert.Contains("2 of them", can.WhyNot));
        ((ApiHost.FixedCatalog)_host.Get<ICatalogSource>()).Current = _host.Catalog with { ReadersSeeOwn = true };
        Assert.Equal(0, (await PreviewAsync(body, shop)).LeftOut.Count);
        var narrow = (await shop.GetFromJsonAsync($"/api/campaigns/{whole}", ApiJson.Default.CampaignView, None))!;
        Assert.Equal(1, narrow.Campaign.Counts.Members);
    }

    [Fact]
    public async Task Its_orchestration_is_started_where_a_crash_came_between()
    {
        _host.Engine.Failure = new InvalidOperationException("the engine is down");
        var body = new CampaignBody("name=*-key,tag=ci,provider=generated", Reason: "x");
        using var broken = await PostAsync(_ada, "/api/campaigns", body with { Preview = (await PreviewAsync(body)).Hash });
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Empty(_host.Engine.Instances);
        _host.Engine.Failure = null;
        await _host.Get<CampaignDesk>().EnsureAllScheduledAsync(None);
        await _host.Get<CampaignDesk>().EnsureAllScheduledAsync(None);
        Assert.Equal(["campaign:campaign-1:1"], _host.Engine.Instances.Keys);
    }

    [Fact]
    public async Task What_is_scheduled_lets_an_emergency_at_its_provider_go_first()
    {
        var sweep = _host.Get<ScheduleSweep>();
        _host.SetCatalog([.. _host.Catalog.Policies.Values.Select(one => one with { Interval = TimeSpan.FromTicks(1) })]);
        var id = await StartAsync(new CampaignBody("name=high-key", Reason: "x", Incident: "INC-1"));
        Assert.Equal(0, await sweep.RunOnceAsync(None));
        await TurnAsync(id);
        Assert.Equal(5, await sweep.RunOnceAsync(None));
    }

    [Fact]
    public async Task Many_that_have_to_wait_keep_back_none_that_can_start_and_make_no_turn_follow_at_once()
    {
        var members = Enumerable.Range(1, 90).Select(number => new NewMember($"s{number}", "generated", null, 1)).ToList();
        await _host.Ledger.AddCampaignAsync(
            new NewCampaign(CampaignKind.Plain, null, "spring", "ada", null, false, new CampaignPace(99, 99), "hash", null, members), None);
        var desk = new WaitingDesk(_host.Get<IMemberDesk>(), member => member.Place > 80);

        var turn = await new CampaignTurn(_host.Ledger, desk).RunAsync(new TurnInput("campaign-1", 1), None);

        Assert.Equal([.. Enumerable.Range(81, 10).Select(number => $"s{number}")], desk.Started);
        Assert.False(turn.More);
    }

    [Fact]
    public async Task A_notice_that_is_on_record_is_not_sent_by_the_next_process()
    {
        await StartAsync(new CampaignBody("name=high-key", Reason: "x"));
        var sent = new List<NoticeKind>();
        for (var process = 0; process < 2; process++)
        {
            var desk = new WaitingDesk(_host.Get<IMemberDesk>(), _ => false) { Sent = sent };
            await new CampaignTurn(_host.Ledger, desk).RunAsync(new TurnInput("campaign-1", 1), None);
        }

        Assert.Equal([NoticeKind.CampaignBegun], sent);
    }

    private static Policy Policy(string name, RiskClass? risk, string owner, int targets = 0) => ApiHost.Policy(name) with
    {
        Risk = risk,
        Owner = owner,
        Tags = ["ci"],
        Targets = [.. Enumerable.Range(0, targets).Select(number => new TargetBinding(
            $"env-{number}", new ProviderBinding("dotenv", new() { ["path"] = $"{name}-{number}.env", ["key"] = "KEY" }), 0,
            TimeSpan.FromMinutes(1)))],
    };

    private static (string Secret, string Why) Only(PreviewNotes notes) =>
        Assert.Single(notes.First) is var one ? (one.Secret, one.Why) : default;

    private async Task<CampaignPreview> PreviewAsync(CampaignBody body, HttpClient? client = null)
    {
        using var response = await PostAsync(client ?? _ada, "/api/campaigns/preview", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(None));
        return (await response.Content.ReadFromJsonAsync(ApiJson.Default.CampaignPreview, None))!;
    }

    private async Task<string> StartAsync(CampaignBody body)
    {
        using var response = await PostAsync(_ada, "/api/campaigns", body with { Preview = (await PreviewAsync(body)).Hash });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ApiJson.Default.CampaignView, None))!.Campaign.Id;
    }

    private Task<TurnResult> TurnAsync(string id, int run = 1) => _host.Get<CampaignTurn>().RunAsync(new TurnInput(id, run), None);

    private async Task<CampaignView> ViewAsync(string id) =>
        (await _ada.GetFromJsonAsync($"/api/campaigns/{id}", ApiJson.Default.CampaignView, None))!;

    private async Task<IReadOnlyList<MemberView>> MembersAsync(string id) =>
        (await _ada.GetFromJsonAsync($"/api/campaigns/{id}/members", ApiJson.Default.MemberList, None))!.Members;

    private async Task<CampaignAnswer> SayAsync(string id, string verb)
    {
        using var response = await _ada.PostAsJsonAsync($"/api/campaigns/{id}/{verb}", new { reason = "a word" }, None);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(None));
        return (await response.Content.ReadFromJsonAsync(ApiJson.Default.CampaignAnswer, None))!;
    }

    private static async Task RefusesAsync(HttpClient client, string id, string verb, HttpStatusCode status, string code)
    {
        using var response = await client.PostAsJsonAsync($"/api/campaigns/{id}/{verb}", new { reason = "a word" }, None);
        Assert.Equal((status, code), (response.StatusCode, await CodeAsync(response)));
    }

    private static async Task<string> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(None)).GetProperty("code").GetString()!;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, CampaignBody body) =>
        client.PostAsync(path, JsonContent.Create(body, ApiJson.Default.CampaignBody), None);

    private async Task StartRotationAsync(string secret)
    {
        using var started = await _ada.PostAsJsonAsync("/api/rotations", new { secret, reason = "test" }, None);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
    }

    private Task StateAsync(string id, int sequence, RotationState state) => _host.Ledger.RecordStateAsync(
        new RecordInput(id, 1, sequence, state, "a.test", Actors.Rotunda, null, null), None);
}
