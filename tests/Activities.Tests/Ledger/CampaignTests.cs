using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What is kept of campaigns, on either database.</summary>
public abstract class CampaignTests : IAsyncLifetime
{
    private static readonly CampaignState[] s_open = [CampaignState.Running, CampaignState.Paused];

    protected ManualTimeProvider Time { get; } = new();

    private ILedger Ledger { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Ledger = await OpenAsync();
        foreach (var secret in new[] { "app", "shop" })
        {
            await Ledger.AdoptAsync(new AdoptSecret(secret, "anna", null), default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ((IDisposable)Ledger).Dispose();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ILedger> OpenAsync();

    protected abstract Task RemoveAsync();

    [Fact]
    public async Task It_is_kept_with_its_members_and_a_key_makes_one_only()
    {
        var (made, isNew) = await Ledger.AddCampaignAsync(New(CampaignKind.Emergency, key: "k"), default);
        Assert.True(isNew);
        Assert.Equal(
            ("campaign-1", "campaign:campaign-1:1", "tag=ci", "INC-1", CampaignState.Running, true, 8),
            (made.Id, made.InstanceId, made.Selector, made.Incident, made.State, made.RevokeFirst, made.Pace.AtOnce));
        Assert.Equal((made, false), await Ledger.AddCampaignAsync(New(CampaignKind.Emergency, key: "k"), default));
        Assert.Equal(made, await Ledger.FindCampaignAsync("k", default));
        Assert.Equal("campaign-2", (await Ledger.AddCampaignAsync(New(CampaignKind.Plain), default)).Campaign.Id);
        Assert.Equal(["campaign-2", "campaign-1"], (await Ledger.ListCampaignsAsync(false, 10, default)).Select(one => one.Id));
        Assert.Null(await Ledger.GetCampaignAsync("campaign-3", default));

        var members = await Ledger.ListMembersAsync("campaign-1", default);
        Assert.Equal([(1, "shop", "github", "high", 3), (2, "app", "neon", null, 1)], members.Select(one =>
            (one.Place, one.Secret, one.Provider, one.Risk, one.Exposure)));
        Assert.All(members, one => Assert.Equal(MemberPhase.ToCome, one.Phase));
        Assert.Equal(["shop", "app"], (await Ledger.ListEmergenciesToComeAsync(default)).Select(one => one.Secret));
    }

    [Fact]
    public async Task How_far_a_member_is_its_rotation_says()
    {
        var (made, _) = await Ledger.AddCampaignAsync(New(CampaignKind.Emergency), default);
        await Ledger.TryStartAsync(Plans.Plan("app", 1), "schedule:1", false, default);
        var first = (await Ledger.ListMembersAsync(made.Id, default))[0];
        await Ledger.TryStartAsync(Plans.Plan("shop", 1), made.StartKey(first), false, default);
        Assert.Equal([("shop-1", "shop-1"), (null, "app-1")], (await Ledger.ListMembersAsync(made.Id, default)).Select(one =>
            (one.RotationId, one.OpenRotationId)));
        var sequence = 0;
        async Task HoldsAsync(params (RotationState State, MemberPhase Phase)[] cases)
        {
            foreach (var (state, phase) in cases)
            {
                await StateAsync("shop-1", ++sequence, state);
                Assert.Equal(phase, (await Ledger.ListMembersAsync(made.Id, default))[0].Phase);
            }
        }

        // A grace period before the promotion is that of a credential before.
        await HoldsAsync(
            (RotationState.Running, MemberPhase.Moving), (RotationState.WaitingForValue, MemberPhase.NeedsPerson),
            (RotationState.Stuck, MemberPhase.Stuck), (RotationState.Grace, MemberPhase.Moving));
        var minting = await Ledger.BeginMintAsync("shop-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "id", null, "fp", new SecretRef("embedded", "shop", "1"), default);
        await Ledger.PromoteAsync("shop-1", default);
        await HoldsAsync((RotationState.Grace, MemberPhase.Grace), (RotationState.Succeeded, MemberPhase.Done));

        Assert.Equal("app", Assert.Single(await Ledger.ListEmergenciesToComeAsync(default)).Secret);
        await Ledger.RenameAsync("shop", "store", "anna", null, default);
        var renamed = (await Ledger.ListMembersAsync(made.Id, default))[0];
        Assert.Equal(("store", "shop-1"), (renamed.Secret, renamed.RotationId));
    }

    [Fact]
    public async Task Those_that_failed_get_another_attempt_and_a_campaign_that_was_done_runs_again()
    {
        var (made, _) = await Ledger.AddCampaignAsync(New(CampaignKind.Plain), default);
        Assert.Equal(0, await Ledger.RetryCampaignAsync(made.Id, Word(AuditActions.CampaignRetried), default));
        await Ledger.TryStartAsync(Plans.Plan("shop", 1), "campaign:campaign-1:1", false, default);
        await StateAsync("shop-1", 1, RotationState.RolledBack);
        await Ledger.RecordMemberRefusedAsync(made.Id, "app", 1, "no plan", default);
        Assert.All(await Ledger.ListMembersAsync(made.Id, default), one => Assert.Equal(MemberPhase.Failed, one.Phase));
        Assert.True(await Ledger.SetCampaignStateAsync(made.Id, s_open, CampaignState.Done, Word(AuditActions.CampaignDone), default));
        Assert.Empty(await Ledger.ListCampaignsAsync(openOnly: true, 10, default));

        Assert.Equal(2, await Ledger.RetryCampaignAsync(made.Id, Word(AuditActions.CampaignRetried), default));
        var again = (await Ledger.GetCampaignAsync(made.Id, default))!;
        Assert.Equal((CampaignState.Running, 2, null), (again.State, again.Run, again.EndedAt));
        Assert.All(await Ledger.ListMembersAsync(made.Id, default), one =>
            Assert.Equal((MemberPhase.ToCome, 2, null), (one.Phase, one.Attempt, one.RotationId)));
        // What the first attempt's turn still writes is too late.
        await Ledger.RecordMemberRefusedAsync(made.Id, "app", 1, "no plan", default);
        Assert.Null((await Ledger.ListMembersAsync(made.Id, default))[1].Refusal);
    }

    [Fact]
    public async Task A_member_that_an_emergency_took_over_is_done_by_it_and_only_its_failure_is_tried_again()
    {
        var (made, _) = await Ledger.AddCampaignAsync(New(CampaignKind.Plain), default);
        await Ledger.TryStartAsync(Plans.Plan("shop", 1), "campaign:campaign-1:1", false, default);
        // The first that takes over is taken over itself.
        foreach (var number in new[] { 2, 3 })
        {
            var taken = await Ledger.TryStartAsync(Plans.Plan("shop", number), $"emergency:{number}", true, default);
            Assert.Equal((StartKind.Started, $"shop-{number - 1}"), (taken.Kind, taken.SupersededId));
        }

        async Task HoldsAsync(MemberPhase phase, string rotation, int retried)
        {
            var member = (await Ledger.ListMembersAsync(made.Id, default))[0];
            Assert.Equal((phase, rotation), (member.Phase, member.RotationId));
            Assert.Equal(retried, await Ledger.RetryCampaignAsync(made.Id, Word(AuditActions.CampaignRetried), default));
        }

        await HoldsAsync(MemberPhase.Moving, "shop-3", retried: 0);
        await StateAsync("shop-3", 1, RotationState.Succeeded);
        // The next by the schedule is none of the campaign's.
        await Ledger.TryStartAsync(Plans.Plan("shop", 4), "schedule:1", false, default);
        await HoldsAsync(MemberPhase.Done, "shop-3", retried: 0);

        await Ledger.TryStartAsync(Plans.Plan("app", 1), "campaign:campaign-1:1", false, default);
        await Ledger.TryStartAsync(Plans.Plan("app", 2), "emergency:app", true, default);
        await StateAsync("app-2", 1, RotationState.RolledBack);
        Assert.Equal(MemberPhase.Failed, (await Ledger.ListMembersAsync(made.Id, default))[1].Phase);
        Assert.Equal(1, await Ledger.RetryCampaignAsync(made.Id, Word(AuditActions.CampaignRetried), default));
        var again = (await Ledger.ListMembersAsync(made.Id, default))[1];
        Assert.Equal((MemberPhase.ToCome, 2), (again.Phase, again.Attempt));
    }

    [Fact]
    public async Task Its_state_changes_only_from_where_it_may_and_a_stopped_one_ends()
    {
        var (made, _) = await Ledger.AddCampaignAsync(New(CampaignKind.Emergency), default);
        Assert.False(await Ledger.SetCampaignStateAsync(
            made.Id, [CampaignState.Paused], CampaignState.Running, Word(AuditActions.CampaignResumed), default));
        Assert.True(await Ledger.SetCampaignStateAsync(
            made.Id, s_open, CampaignState.Stopped, Word(AuditActions.CampaignStopped), default));
        var stopped = (await Ledger.GetCampaignAsync(made.Id, default))!;
        Assert.Equal(
            (CampaignState.Stopped, "ada", "enough", null), (stopped.State, stopped.Changed!.By, stopped.Changed.Why, stopped.EndedAt));
        Assert.Empty(await Ledger.ListEmergenciesToComeAsync(default));
        Assert.Equal(0, await Ledger.RetryCampaignAsync(made.Id, Word(AuditActions.CampaignRetried), default));
        await Ledger.EndStoppedCampaignAsync(made.Id, default);
        Assert.Equal(Time.GetUtcNow(), (await Ledger.GetCampaignAsync(made.Id, default))!.EndedAt);
        var row = Assert.Single(await Ledger.ReadAuditAsync(new AuditFilter(), default), one => one.Action == "campaign.stopped");
        Assert.Equal(("ada", "campaign-1: enough"), (row.Actor, row.Detail));
    }

    [Fact]
    public async Task A_notice_of_it_is_told_once()
    {
        var (made, _) = await Ledger.AddCampaignAsync(New(CampaignKind.Plain), default);
        Assert.True(await Ledger.TellCampaignAsync(made, "notice.campaign-begun", "2 secrets", default));
        Assert.False(await Ledger.TellCampaignAsync(made, "notice.campaign-begun", "2 secrets", default));
        Assert.True(await Ledger.TellCampaignAsync(made, "notice.campaign-ended", "done", default));
        Assert.True(await Ledger.TellCampaignAsync(made with { Run = 2 }, "notice.campaign-ended", "done", default));
        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task How_long_rotations_took_is_read_of_those_that_succeeded()
    {
        await Ledger.TryStartAsync(Plans.Plan("shop", 1), null, false, default);
        var minting = await Ledger.BeginMintAsync("shop-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "id", null, "fp", new SecretRef("embedded", "shop", "1"), default);
        Time.Advance(TimeSpan.FromSeconds(12));
        await Ledger.PromoteAsync("shop-1", default);
        Assert.Empty(await Ledger.ListPacesAsync(10, default));
        Time.Advance(TimeSpan.FromDays(1));
        await StateAsync("shop-1", 1, RotationState.Succeeded);
        Assert.Equal([new RotationPace("shop", TimeSpan.FromSeconds(12))], await Ledger.ListPacesAsync(10, default));
    }

    private static NewCampaign New(CampaignKind kind, string? key = null) => new(
        kind, "tag=ci", "a leak", "ada", kind == CampaignKind.Emergency ? "INC-1" : null, kind == CampaignKind.Emergency,
        new CampaignPace(8, 2), "hash", key, [new NewMember("shop", "github", "high", 3), new NewMember("app", "neon", null, 1)]);

    private static CampaignWord Word(string action) => new(action, "ada", "enough");

    private Task StateAsync(string id, int sequence, RotationState state) => Ledger.RecordStateAsync(
        new RecordInput(id, 1, sequence, state, "a.test", Actors.Rotunda, null, null), default);
}

/// <summary>In a file.</summary>
public sealed class SqliteCampaignTests : CampaignTests
{
    private readonly TempFolder _folder = new();

    protected override Task<ILedger> OpenAsync() =>
        Task.FromResult<ILedger>(new SqliteLedger(_folder.File("ledger.db"), Time, new CrashPoints()));

    protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>On a real PostgreSQL, with the rights that the heads have.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class PostgresCampaignTests(PostgresFixture fixture) : CampaignTests
{
    private readonly LedgerDatabase _database = new(fixture);

    protected override async Task<ILedger> OpenAsync()
    {
        await _database.MakeAsync();
        return _database.Open(Time, new CrashPoints());
    }

    protected override Task RemoveAsync() => _database.RemoveAsync();
}
