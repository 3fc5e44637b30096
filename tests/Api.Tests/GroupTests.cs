using System.Net;
using System.Net.Http.Json;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Two secrets of one group do not rotate at the same time, whoever starts them.</summary>
public sealed class GroupTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RotationGroup Pair = new("pair", 1, ["z-first", "a-second"]);
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            ApiHost.Policy("a-second") with { Group = Pair, Owner = "shop" },
            ApiHost.Policy("m-alone") with { Owner = "shop" },
            ApiHost.Policy("n-last") with { Group = Pair, Owner = "shop" },
            ApiHost.Policy("z-first") with { Group = Pair, Owner = "shop" });
        foreach (var name in _host.Catalog.Policies.Keys)
        {
            await _host.Ledger.AdoptAsync(new AdoptSecret(name, "ada", null), None);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_start_by_hand_is_refused_with_the_reason_while_another_of_the_group_is_under_way()
    {
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync("a-second")).Kind);
        var refused = await StartAsync("z-first");
        Assert.Equal((StartOutcomeKind.Conflict, "a-second-1"), (refused.Kind, refused.RotationId));
        Assert.Equal(
            "z-first does not start now: its group pair rotates 1 at once, and a-second-1 is under way. Wait for a-second-1, or end it; an "
                + "emergency goes ahead.",
            refused.Message);
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync("m-alone")).Kind);

        // The dry run says so before, and in the grace period it holds still.
        await StateAsync("a-second-1", 1, RotationState.Grace);
        var plan = (await _host.Get<RotationDesk>().PlanAsync(Wish("z-first"), None))!;
        Assert.Contains("It does not start now: its group pair rotates 1 at once, and a-second-1 is under way.", plan.Warnings);
        Assert.Equal(StartOutcomeKind.Conflict, (await StartAsync("z-first")).Kind);

        await StateAsync("a-second-1", 2, RotationState.Succeeded);
        Assert.Equal(StartOutcomeKind.Started, (await StartAsync("z-first")).Kind);
    }

    [Fact]
    public async Task By_HTTP_it_is_a_conflict_that_names_the_rotation()
    {
        await StartAsync("a-second");
        using var ada = _host.Client(Role.Admin, "ada");
        using var response = await ada.PostAsJsonAsync("/api/rotations", new { secret = "z-first", reason = "x" }, None);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("a-second-1 is under way", await response.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emergency_goes_ahead_and_its_plan_says_beside_what()
    {
        await StartAsync("a-second");
        var desk = _host.Get<RotationDesk>();
        var outcome = await desk.StartAsync(Wish("z-first") with { Trigger = RotationTrigger.Emergency, Incident = "INC-1" }, None);
        Assert.Equal(StartOutcomeKind.Started, outcome.Kind);
        Assert.Contains(
            "Emergency INC-1: it goes ahead although its group pair rotates 1 at once, and a-second-1 is under way.",
            (await _host.Ledger.GetRotationAsync("z-first-1", None))!.Plan.Warnings);
        // Now that two are under way, a third waits for both.
        Assert.Contains("a-second-1, z-first-1 are under way", (await StartAsync("n-last")).Message);
    }

    [Fact]
    public async Task A_target_that_has_drifted_is_mended_meanwhile()
    {
        await StartAsync("a-second");
        await StateAsync("a-second-1", 1, RotationState.Succeeded);
        await StartAsync("z-first");
        Assert.NotEqual(
            StartOutcomeKind.Conflict,
            (await _host.Get<RotationDesk>().StartAsync(Wish("a-second") with { Instead = Strategy.Deliver }, None)).Kind);
    }

    [Fact]
    public async Task Of_all_that_start_at_once_as_many_do_as_may()
    {
        for (var round = 1; round <= 5; round++)
        {
            var outcomes = await Task.WhenAll(
                new[] { "a-second", "n-last", "z-first" }.Select(secret => Task.Run(() => StartAsync(secret))));
            var started = Assert.Single(outcomes, one => one.Kind == StartOutcomeKind.Started);
            Assert.Equal(2, outcomes.Count(one => one.Kind == StartOutcomeKind.Conflict && one.RotationId == started.RotationId));
            await StateAsync(started.RotationId!, 1, RotationState.Succeeded);
        }
    }

    [Fact]
    public async Task A_campaign_goes_through_a_group_in_its_order()
    {
        using var ada = _host.Client(Role.Admin, "ada");
        var body = new CampaignBody("owner=shop", Reason: "spring", PerProvider: 8);
        using var previewed = await ada.PostAsJsonAsync("/api/campaigns/preview", body, ApiJson.Default.CampaignBody, None);
        var preview = (await previewed.Content.ReadFromJsonAsync(ApiJson.Default.CampaignPreview, None))!;
        using var made = await ada.PostAsJsonAsync("/api/campaigns", body with { Preview = preview.Hash }, ApiJson.Default.CampaignBody,
            None);
        var id = (await made.Content.ReadFromJsonAsync(ApiJson.Default.CampaignView, None))!.Campaign.Id;
        foreach (var secret in new[] { "z-first", "a-second", "n-last" })
        {
            await TurnAsync(id);
            var open = await _host.Ledger.ListRotationsAsync(new RotationFilter(OpenOnly: true), None);
            Assert.Equal(secret, Assert.Single(open, one => one.Secret != "m-alone").Secret);
            Assert.Single(await _host.Ledger.ListRotationsAsync(new RotationFilter("m-alone"), None));
            if (secret != "n-last")
            {
                var members = (await ada.GetFromJsonAsync($"/api/campaigns/{id}/members", ApiJson.Default.MemberList, None))!;
                Assert.Equal(
                    $"its group pair rotates 1 at once, and {secret}-1 is under way", members.Members.Single(one => one.Secret == "n-last")
                        .Why);
            }

            await StateAsync($"{secret}-1", 1, RotationState.Succeeded);
        }

        await StateAsync("m-alone-1", 1, RotationState.Succeeded);
        Assert.True((await TurnAsync(id)).HasEnded);
    }

    private static StartRequest Wish(string secret) => new(secret, RotationTrigger.Manual, "x", "ada");

    private Task<TurnResult> TurnAsync(string id) => _host.Get<CampaignTurn>().RunAsync(new TurnInput(id, 1), None);

    private Task<StartOutcome> StartAsync(string secret) => _host.Get<RotationDesk>().StartAsync(Wish(secret), None);

    private Task StateAsync(string rotation, int sequence, RotationState state) => _host.Ledger.RecordStateAsync(
        new RecordInput(rotation, int.Parse(rotation[(rotation.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture),
            sequence, state, RotationActions.Succeeded, "rotunda", null, null), None);
}
