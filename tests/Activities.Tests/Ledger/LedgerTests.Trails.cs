using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Ledger;

public abstract partial class LedgerTests
{
    [Fact]
    public async Task A_rotation_s_rows_are_those_of_the_audit_however_often_they_were_read_before()
    {
        await StartAsync(1);
        Assert.Empty(await Ledger.ReadRotationAsync("app-2", default));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var input = Plans.Input(Plans.Plan("app", 1), Plans.Step("Deliver")) with { Attempt = attempt };
            await Ledger.BeginStepAsync(input, default);
            await SameAsync();
            await Ledger.EndStepAsync(input, StepOutcome.RetryLater("busy"), default);
            await Ledger.AuditAsync(new AuditEntry("other", "of.another", "app", null, null, null), default);
            await SameAsync();
            await SameAsync();
        }

        async Task SameAsync() => Assert.Equal(
            await Ledger.ReadAuditAsync(new AuditFilter(RotationId: "app-1"), default), await Ledger.ReadRotationAsync("app-1", default));
    }

    [Fact]
    public async Task Where_another_row_stands_at_the_newest_known_one_s_place_all_are_read_anew()
    {
        await StartAsync(1);
        var before = await Ledger.ReadRotationAsync("app-1", default);
        await using var connection = await OpenRawAsync();
        var raw = new LedgerSession(connection);
        await UnguardAuditAsync(raw);
        await raw.RunAsync("UPDATE audit SET actor = 'somebody-else', hash = 'another' WHERE rotation_id = 'app-1'");

        var after = await Ledger.ReadRotationAsync("app-1", default);
        Assert.Equal(before.Count, after.Count);
        Assert.All(after, row => Assert.Equal("somebody-else", row.Actor));

        await raw.RunAsync("DELETE FROM audit WHERE rotation_id = 'app-1'");
        Assert.Empty(await Ledger.ReadRotationAsync("app-1", default));
    }

    [Fact]
    public void Trails_that_were_not_asked_for_lately_are_forgotten()
    {
        var trails = new KnownTrails();
        AuditRow[] rows =
            [.. Enumerable.Range(1, 100).Select(number => new AuditRow(number, default, "a", "b", "s", "r", null, null, "", ""))];
        for (var number = 0; number < 400; number++)
        {
            trails.Keep($"r-{number}", rows);
            Assert.Same(rows, trails.Of($"r-{number}"));
        }

        Assert.Empty(trails.Of("r-0"));
        Assert.InRange(Enumerable.Range(0, 400).Count(number => trails.Of($"r-{number}").Count > 0), 80, 170);
    }
}
