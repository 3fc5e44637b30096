using System.Text.RegularExpressions;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>From one database to the other and back: everything is there, and only one of them takes writes.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class MovingTests(PostgresFixture fixture) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly LedgerDatabase _database = new(fixture);
    private readonly ManualTimeProvider _time = new();
    private SqliteLedger _source = null!;
    private PostgresLedger _target = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.MakeAsync();
        _source = Sqlite("source.db");
        _target = new PostgresLedger(_database.Owner, _time, new CrashPoints());
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _source.Dispose();
        _target.Dispose();
        await _database.RemoveAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_is_there_after_a_move_and_after_the_way_back()
    {
        var there = await MoveAsync(_source, _target, "there");
        Assert.Equal("app-2", Assert.Single(there.Open).Id);
        Assert.Equal(["embedded"], there.Stores);
        await SameAsync(_source, _target);

        // Ids go on behind the imported ones.
        using var head = _database.Open(_time, new CrashPoints());
        Assert.Equal(5, (await head.BeginMintAsync("app-2", null, default)).Id);

        using var back = Sqlite("back.db");
        await MoveAsync(_target, back, "back");
        await SameAsync(_target, back);
        Assert.Equal(
            ["ledger.exported", "ledger.imported"],
            (await back.ReadAuditAsync(new AuditFilter(), default)).TakeLast(2).Select(row => row.Action));
    }

    [Fact]
    public async Task The_ledger_that_was_left_takes_no_writes_until_it_is_opened_again()
    {
        await ExportAsync(_source, "out");
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _source.CheckAsync(default));
        Assert.Contains("moved away", refused.Message);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _source.BeginStepAsync(
            Plans.Input(Plans.Plan("app", 2), Plans.Step("Apply")),
            default));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ExportAsync(_source, "again"));
        Assert.NotNull(await _source.MovedToAsync(default));

        await _source.ReopenAsync("anna", "the copy was never used", default);
        await _source.CheckAsync(default);
        Assert.Null(await _source.MovedToAsync(default));
        Assert.Contains(
            await _source.ReadAuditAsync(new AuditFilter(), default),
            row => row is { Action: AuditActions.LedgerReopened, Actor: "anna" });
    }

    [Fact]
    public async Task Workers_that_write_during_an_export_are_in_it_or_refused()
    {
        await MoveAsync(_source, _target, "there");
        using var head = _database.Open(_time, new CrashPoints());
        var written = 0;
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                await head.AuditAsync(new AuditEntry("w", "test.row", null, null, null, null), default);
                Interlocked.Increment(ref written);
            }
        })).ToList();
        while (Volatile.Read(ref written) < 20)
        {
            await Task.Yield();
        }

        using var back = Sqlite("back.db");
        await MoveAsync(_target, back, "back");
        foreach (var worker in workers)
        {
            Assert.Contains("moved away", (await Assert.ThrowsAsync<LedgerUnavailableException>(() => worker)).Message);
        }

        Assert.Equal(written, (await back.ReadAuditAsync(new AuditFilter(Limit: 100_000), default)).Count(row => row.Action == "test.row"));
        await SameAsync(_target, back);
    }

    [Fact]
    public async Task A_ledger_that_is_not_empty_takes_no_import()
    {
        var file = await ExportAsync(_source, "out");
        await _target.AdoptAsync(new AdoptSecret("other", "anna", null), default);
        Assert.Contains("not empty", (await Assert.ThrowsAsync<LedgerImportException>(() => ImportAsync(_target, file))).Message);
        Assert.Null(await _target.GetSecretAsync("app", default));
    }

    [Fact]
    public async Task A_file_that_was_changed_anywhere_is_refused_and_leaves_nothing()
    {
        var file = await ExportAsync(_source, "out");
        var whole = await File.ReadAllTextAsync(file);
        var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var changed = new List<string>
        {
            "",
            "no json\n",
            "{}\n",
            Regex.Replace(whole, "\"version\":[0-9]+", "\"version\":999", RegexOptions.None, TimeSpan.FromSeconds(10)),
            whole.Replace("tester", "mallory", StringComparison.Ordinal),
            whole.Replace("\"secrets\"", "\"nowhere\"", StringComparison.Ordinal),
            string.Join('\n', lines[..^1]) + "\n",
            string.Join('\n', lines.Where((_, index) => index != 3)) + "\n",
            whole + lines[^1] + "\n",
            whole[..(whole.Length / 2)],
        };
        using var target = Sqlite("target.db");
        foreach (var text in changed)
        {
            var path = _folder.File("changed");
            await File.WriteAllTextAsync(path, text);
            await Assert.ThrowsAsync<LedgerImportException>(() => ImportAsync(target, path));
            Assert.Empty(await target.ListSecretsAsync(default));
            Assert.Empty(await target.ReadAuditAsync(new AuditFilter(), default));
        }

        await ImportAsync(target, file);
        Assert.True((await target.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task A_ledger_whose_audit_is_broken_is_not_imported()
    {
        using (var raw = SqliteFile.Open(_folder.File("source.db")))
        {
            raw.Run("DROP TRIGGER audit_no_update");
            raw.Run("UPDATE audit SET actor = 'mallory' WHERE seq = 2");
        }

        var file = await ExportAsync(_source, "out");
        Assert.Contains("broken at row 2", (await Assert.ThrowsAsync<LedgerImportException>(() => ImportAsync(_target, file))).Message);
        Assert.Null(await _target.GetSecretAsync("app", default));
    }

    [Fact]
    public async Task A_second_head_is_refused_until_the_first_is_let_go()
    {
        await _target.ClaimAsync("server one", default);
        await _target.ClaimAsync("server one", default);
        Assert.Contains(
            "another head",
            (await Assert.ThrowsAsync<LedgerUnavailableException>(() => _target.ClaimAsync("functions two", default))).Message);
        await _target.ReopenAsync("anna", "one is gone", default);
        await _target.ClaimAsync("functions two", default);
    }

    [Fact]
    public async Task A_head_that_comes_back_after_another_one_needs_a_hub_that_was_never_used()
    {
        await _source.ClaimAsync("functions rotunda", default);
        await MoveAsync(_source, _target, "away");

        // The ledger alone was moved, and the head stays.
        await _target.ClaimAsync("functions rotunda", default);
        using var file = Sqlite("file.db");
        await MoveAsync(_target, file, "to-a-machine");
        using var back = Sqlite("back.db");
        await MoveAsync(file, back, "and-back");

        Assert.Contains(
            "never used",
            (await Assert.ThrowsAsync<LedgerUnavailableException>(() => back.ClaimAsync("functions rotunda", default))).Message);
        await back.ClaimAsync("functions rotunda2", default);
        await back.ReopenAsync("anna", "rotunda2 is gone", default);
        Assert.Contains(
            "never used",
            (await Assert.ThrowsAsync<LedgerUnavailableException>(() => back.ClaimAsync("functions rotunda", default))).Message);
        await back.ClaimAsync("functions rotunda2", default);
        Assert.Equal(4, (await back.ReadAuditAsync(new AuditFilter(), default)).Count(row => row.Action == AuditActions.LedgerClaimed));
    }

    private SqliteLedger Sqlite(string name) => new(_folder.File(name), _time, new CrashPoints());

    private async Task<LedgerMove> MoveAsync(SqlLedger from, SqlLedger to, string name) =>
        await ImportAsync(to, await ExportAsync(from, name));

    private async Task<string> ExportAsync(SqlLedger from, string name)
    {
        var path = _folder.File(name);
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await from.ExportAsync(stream, name, "anna", default);
        return path;
    }

    private static async Task<LedgerMove> ImportAsync(SqlLedger to, string path)
    {
        await using var stream = File.OpenRead(path);
        return await to.ImportAsync(stream, path, "anna", default);
    }

    /// <summary>Two rotations, one of them under way, with every table in use.</summary>
    private async Task FillAsync()
    {
        await _source.AdoptAsync(
            new AdoptSecret("app", "tester", new AdoptedCredential("old", null, "fp", new SecretRef("embedded", "app", "0"), "salt")),
            default);
        await _source.SetIntervalsAsync([new SecretInterval("app", TimeSpan.FromDays(30), TimeSpan.FromDays(3))], default);
        await _source.AdoptAsync(new AdoptSecret("b\u00fccher \"\n", "tester", null), default);
        for (var number = 1; number <= 2; number++)
        {
            var rotation = $"app-{number}";
            await _source.TryStartAsync(Plans.Plan("app", number), $"key-{number}", false, default);
            var step = Plans.Input(Plans.Plan("app", number), Plans.Step("Deliver", target: "env"));
            await _source.BeginStepAsync(step, default);
            await _source.EndStepAsync(step, StepOutcome.Done(("fact", "1")), default);
            var minting = await _source.BeginMintAsync(rotation, null, default);
            await _source.RecordMintedAsync(minting.Id, "id", null, "fp", new SecretRef("embedded", "app", $"{number}"), default);
            await _source.RecordCaptureAsync(
                new CaptureRecord(rotation, "env", number == 1 ? null : new SecretRef("embedded", "capture", "1")),
                default);
            await _source.PromoteAsync(rotation, default);
            await _source.RecordStateAsync(
                new RecordInput(
                    rotation,
                    number,
                    1,
                    number == 1 ? RotationState.Succeeded : RotationState.Grace,
                    "grace.started",
                    "rotunda",
                    "why",
                    _time.GetUtcNow().AddDays(30)), default);
        }

        var (campaign, _) = await _source.AddCampaignAsync(
            new NewCampaign(
                CampaignKind.Emergency, null, "a leak", "tester", "INC-1", true, CampaignPace.Usual, "hash", "key",
                [new NewMember("app", "fake", "high", 3)]),
            default);
        await _source.RecordMemberRefusedAsync(campaign.Id, "app", 1, "no plan", default);
        await _source.TellCampaignAsync(campaign, "notice.campaign-begun", "one secret", default);
        await _source.SetCampaignStateAsync(
            campaign.Id, [CampaignState.Running], CampaignState.Paused, new CampaignWord("campaign.paused", "tester", "a look"), default);
        await _source.RecordOrphanAsync("app-2", null, new CredentialHandleNote("lost", null, "label"), "by hand", default);
    }

    private static async Task SameAsync(SqlLedger left, SqlLedger right)
    {
        Assert.Equal(await left.ListSecretsAsync(default), await right.ListSecretsAsync(default));
        Assert.Equal(await left.ListCredentialsAsync("app", default), await right.ListCredentialsAsync("app", default));
        Assert.Equal(await left.ListCapturesAsync("app-2", default), await right.ListCapturesAsync("app-2", default));
        var campaign = Assert.Single(await left.ListCampaignsAsync(openOnly: true, 10, default));
        Assert.Equal(campaign, Assert.Single(await right.ListCampaignsAsync(openOnly: true, 10, default)));
        Assert.Equal(await left.ListMembersAsync(campaign.Id, default), await right.ListMembersAsync(campaign.Id, default));
        var rotations = await left.ListRotationsAsync(new RotationFilter(), default);
        var again = await right.ListRotationsAsync(new RotationFilter(), default);
        Assert.Equal(rotations.Select(r => r with { Plan = null! }), again.Select(r => r with { Plan = null! }));
        var before = await left.ReadAuditAsync(new AuditFilter(Limit: 100_000), default);
        var after = await right.ReadAuditAsync(new AuditFilter(Limit: 100_000), default);
        Assert.Equal(before, after.Take(before.Count));
        Assert.True((await right.VerifyAuditAsync(default)).Intact);
        Assert.Equal(StartKind.Conflict, (await right.TryStartAsync(Plans.Plan("app", 3), null, false, default)).Kind);
        Assert.Equal(StartKind.Existing, (await right.TryStartAsync(Plans.Plan("app", 3), "key-1", false, default)).Kind);
    }
}
