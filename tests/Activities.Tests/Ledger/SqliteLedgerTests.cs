using System.Data.Common;
using System.Text.Json;
using Rotunda.Files;
using Rotunda.Interpreter;
using Rotunda.Ledger;

namespace Rotunda.Activities.Tests.Ledger;

public sealed class SqliteLedgerTests : LedgerTests
{
    private readonly TempFolder _folder = new();

    private string LedgerFile => _folder.File("ledger.db");

    [Fact]
    public void A_file_of_a_newer_release_is_refused()
    {
        using (var raw = SqliteFile.Open(LedgerFile))
        {
            raw.Run("PRAGMA user_version=99");
        }

        Assert.Contains("newer release", Assert.Throws<LedgerUnavailableException>(() => Open()).Message);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_nothing_is_half_written()
    {
        await AdoptAsync();
        var full = _folder.File("full.db");
        using (var raw = SqliteFile.Open(LedgerFile))
        {
            raw.Run("VACUUM INTO $copy", ("$copy", full));
        }

        using var ledger = new SqliteLedger(full, Time, Crashes);
        ledger.LimitPages();
        var many = new string('x', 100_000);
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AuditAsync(
            new AuditEntry("a", "b", null, null, null, many),
            default));
        Assert.Contains("disk is full", error.Message);
        Assert.True((await ledger.VerifyAuditAsync(default)).Intact);
        Assert.Equal(StartKind.Started, (await Ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default)).Kind);
    }

    [Fact]
    public async Task A_plan_is_given_as_it_stands_in_the_file_though_it_was_read_before()
    {
        await AdoptAsync();
        await Ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default);
        var id = Plans.Plan("app", 1).RotationId;
        var before = (await Ledger.GetRotationAsync(id, default))!.Plan;
        Assert.Same(before, (await Ledger.GetRotationAsync(id, default))!.Plan);
        var text = JsonSerializer.Serialize(before, RotationJson.Default.RotationPlan);
        for (var number = 0; number < 600; number++)
        {
            KnownPlans.Of($"other-{number}", text, keep: true);
        }

        // Forgotten by now, and another object.
        Assert.NotSame(before, (await Ledger.GetRotationAsync(id, default))!.Plan);
        using (var raw = SqliteFile.Open(LedgerFile))
        {
            raw.Run("UPDATE rotations SET plan = replace(plan, $from, $to) WHERE id = $id",
                ("$from", $"\"{before.Store}\""), ("$to", "\"elsewhere\""), ("$id", id));
        }

        Assert.Equal("elsewhere", (await Ledger.GetRotationAsync(id, default))!.Plan.Store);
    }

    protected override Task MakeAsync() => Task.CompletedTask;

    protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    protected override ILedger Open() => new SqliteLedger(LedgerFile, Time, Crashes);

    private protected override Task<DbConnection> OpenRawAsync() => Task.FromResult<DbConnection>(SqliteFile.Open(LedgerFile));

    private protected override async Task UnguardAuditAsync(LedgerSession raw)
    {
        await raw.RunAsync("DROP TRIGGER audit_no_update");
        await raw.RunAsync("DROP TRIGGER audit_no_delete");
    }
}
