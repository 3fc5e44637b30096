using Rotunda.Activities.Orphans;
using Rotunda.Api.Desk;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Orchestration;

namespace Rotunda.Api.Tests;

/// <summary>An orphan is revoked by a real engine, whatever breaks off in between.</summary>
public sealed class OrphanRevokeTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeysProgram _vendor = new();
    private NoticeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await NoticeHost.StartAsync(
            "channels: {}\nroutes: {}",
            $"a-key: {{ provider: {{ type: exec, program: \"{_vendor.Path}\", operations: [issue, verify, revoke, list] }} }}");
        var adopted = new AdoptSecret("a-key", "test", new AdoptedCredential("in-use", null, null, null, null));
        var (secret, _) = await _host.Ledger.AdoptAsync(adopted, None);
        await File.WriteAllTextAsync(_vendor.Keys, $"in-use x\nlost-1 rotunda-a-key-3-{secret.Salt[..6]}\n", None);
        await _host.Get<DriftSweep>().VerifyAsync(null, None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _vendor.Dispose();
    }

    [Fact]
    public async Task A_lost_answer_and_a_restart_are_gone_through_and_it_is_revoked_on_record()
    {
        var id = await OrphanAsync();
        _vendor.LoseNextAnswer();
        Assert.Equal(SettledKind.Revoking, (await Desk.SettleAsync(id, SettleKind.Revoke, "paula", "nobody uses it", None)).Kind);
        var waiting = await UntilAsync(state => state.CustomStatus is not null);
        Assert.False(waiting.HasEnded);
        Assert.Equal(new OrphanProgress(true, (await Desk.ProgressAsync(id, None)).Problem), await Desk.ProgressAsync(id, None));

        await _host.RestartAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        var ended = await UntilAsync(state => state.HasEnded);

        Assert.Equal(OrchestrationStatus.Completed, ended.Status);
        Assert.Equal(2, _vendor.Revokes);
        Assert.Empty(await _host.Ledger.ListOrphansAsync(None));
        Assert.Equal("in-use x\n", await File.ReadAllTextAsync(_vendor.Keys, None));
        Assert.Equal(
            [AuditActions.OrphanRevoking, AuditActions.OrphanSettled],
            (await _host.Ledger.ReadAuditAsync(new AuditFilter(Secret: "a-key"), None))
                .Where(row => row.Actor == "paula").Select(row => row.Action));
    }

    [Fact]
    public async Task Who_dies_between_the_revoke_and_the_ledger_revokes_again_and_closes_it()
    {
        var settling = new OrphanSettling(await OrphanAsync(), "paula", "nobody uses it");
        var (activity, points) = (_host.Get<OrphanActivity>(), _host.Get<CrashPoints>());
        points.Handler = point =>
        {
            if (point == "outside.after:RevokeOrphan")
            {
                throw new SimulatedCrashException(point);
            }
        };

        await Assert.ThrowsAsync<SimulatedCrashException>(() => activity.RunAsync(settling, None));
        Assert.Single(await _host.Ledger.ListOrphansAsync(None));
        points.Handler = null;

        Assert.True((await activity.RunAsync(settling, None)).Succeeded);
        Assert.Empty(await _host.Ledger.ListOrphansAsync(None));
        Assert.Equal(2, _vendor.Revokes);
    }

    [Fact]
    public async Task What_is_refused_is_told_and_may_be_tried_again()
    {
        var id = await OrphanAsync();
        File.Move(_vendor.Path, _vendor.Path + ".away");
        await Desk.SettleAsync(id, SettleKind.Revoke, "paula", "nobody uses it", None);
        await UntilAsync(state => state.HasEnded || state.CustomStatus is not null);
        var progress = await Desk.ProgressAsync(id, None);
        Assert.False(string.IsNullOrEmpty(progress.Problem));

        File.Move(_vendor.Path + ".away", _vendor.Path);
        await Desk.SettleAsync(id, SettleKind.Revoke, "paula", "it is there again", None);
        _host.Clock.Advance(TimeSpan.FromHours(2));
        await UntilAsync(state => state.HasEnded);

        Assert.Empty(await _host.Ledger.ListOrphansAsync(None));
    }

    private OrphanDesk Desk => _host.Get<OrphanDesk>();

    private async Task<long> OrphanAsync() => Assert.Single(await _host.Ledger.ListOrphansAsync(None)).Id;

    private Task<OrchestrationState> UntilAsync(Func<OrchestrationState, bool> condition) =>
        _host.OneAsync(OrphanOrchestration.InstancePrefix, condition);
}
