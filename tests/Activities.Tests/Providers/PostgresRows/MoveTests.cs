using Rotunda.Files;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>Rows of a real table, moved to another key and back.</summary>
[Collection(RowsTestGroup.Name)]
public sealed class MoveTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_row_is_moved_verified_and_its_copy_dropped()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(1000);
        Done(await rig.PreflightAsync());
        var found = Done(await rig.RehearseAsync());
        Assert.Equal(("1000", $"{rig.Table.Name} 1000"), (found["rows"], found["tables"]));
        Assert.StartsWith("about ", found["estimate"], StringComparison.Ordinal);
        Assert.Equal("1000", Done(await rig.BackupAsync())["rows"]);
        Assert.Equal("1000", Done(await rig.MigrateAsync())["moved"]);
        Assert.Equal("1", Done(await rig.VerifyAsync())["rounds"]);

        Assert.Equal(1000, await rig.Table.CheckAsync(rig.New));
        Assert.Equal(1, await SideTablesAsync(rig));
        Done(await rig.DropAsync());
        Assert.Equal(0, await SideTablesAsync(rig));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await rig.DropAsync()).Kind);
    }

    [Fact]
    public async Task Slices_go_on_where_the_last_one_ended()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(500);
        rig.Settings["connections"] = 1;
        Done(await rig.RehearseAsync(TimeSpan.Zero));
        Done(await rig.BackupAsync(TimeSpan.Zero));
        await rig.MigratePartAsync(slices: 4);
        Assert.Equal(200, await UnderAsync(rig, rig.New));

        var slice = await rig.MigrateSliceAsync(TimeSpan.Zero);
        Assert.Equal(("250", "500"), (slice.Facts!["rows"], slice.Facts["total"]));
        Assert.Equal("500", Done(await rig.MigrateAsync(TimeSpan.Zero))["moved"]);
        Assert.Equal("0", $"{await rig.ScalarAsync<long>($"SELECT count(*) FROM {rig.Table.Name} WHERE xmin = '0'")}");
        Done(await rig.VerifyAsync(slice: TimeSpan.Zero));
        Assert.Equal(500, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_step_that_is_done_does_nothing_more()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(200);
        Done(await rig.BackupAsync());
        Done(await rig.MigrateAsync());
        var tokens = await rig.Table.TokensAsync();
        Done(await rig.MigrateAsync());
        Done(await rig.BackupAsync());
        Done(await rig.VerifyAsync());
        Assert.Equal(tokens, await rig.Table.TokensAsync());
    }

    [Fact]
    public async Task Several_columns_tables_key_types_and_nulls_are_moved()
    {
        var rig = new RowsRig(postgres);
        var name = postgres.NewName("notes");
        var (one, two) = (Fernet.Seal(rig.Old, "one"), Fernet.Seal(rig.Old, "two"));
        await rig.ExecuteAsync($"""
            CREATE TABLE public."{name} X" (code varchar(20) NOT NULL UNIQUE, "the body" varchar(300), other bytea, plain text);
            INSERT INTO public."{name} X" VALUES ('a''b', '{one}', convert_to('{two}', 'UTF8'), 'p'), ('c', NULL, NULL, 'q'), ('ä', NULL,
                convert_to('{one}', 'UTF8'), NULL);
            CREATE TABLE public.{name}_u (id uuid PRIMARY KEY, v text);
            INSERT INTO public.{name}_u SELECT gen_random_uuid(), '{two}' FROM generate_series(1, 120);
            """);
        rig.Settings["tables"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject
            {
                ["table"] = $"public.{name} X",
                ["key"] = "code",
                ["columns"] = new System.Text.Json.Nodes.JsonArray("the body", "other"),
            },
            new System.Text.Json.Nodes.JsonObject { ["table"] = $"{name}_u", ["columns"] = new System.Text.Json.Nodes.JsonArray("v") });
        Done(await rig.PreflightAsync());
        Done(await rig.RehearseAsync(TimeSpan.Zero));
        Done(await rig.BackupAsync(TimeSpan.Zero));
        Done(await rig.MigrateAsync(TimeSpan.Zero));
        Done(await rig.VerifyAsync());

        var moved = await rig.ScalarAsync<string>(
            "SELECT string_agg(concat_ws('|', code, \"the body\", convert_from(other, 'UTF8'), plain), E'\\n' ORDER BY code COLLATE "
                + $"\"C\") FROM public.\"{name} X\"");
        var rows = moved!.Split('\n').Select(row => row.Split('|')).ToList();
        Assert.Equal(
            ["a'b", "one", "two", "p"],
            [rows[0][0], Fernet.Open(rig.New, rows[0][1])!, Fernet.Open(rig.New, rows[0][2])!, rows[0][3]]);
        Assert.Equal(["c", "q"], rows[1]);
        Assert.Equal(["ä", "one"], [rows[2][0], Fernet.Open(rig.New, rows[2][1])!]);
        Done(await rig.RestoreAsync());
        Assert.Equal(one, await rig.ScalarAsync<string>($"SELECT \"the body\" FROM public.\"{name} X\" WHERE code = 'a''b'"));
    }

    [Fact]
    public async Task Rows_that_the_application_changes_meanwhile_keep_what_it_wrote()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(400);
        Done(await rig.BackupAsync());
        await rig.MigratePartAsync(slices: 1);
        await rig.Table.WriteAsync(399, rig.Old, "late, with the old key");
        await rig.Table.WriteAsync(398, rig.New, "early, with the new key");
        await rig.Table.WriteAsync(1, rig.Old, "behind the lane, with the old key");
        await rig.Table.WriteAsync(9000, rig.New, "added");
        await rig.ExecuteAsync($"DELETE FROM {rig.Table.Name} WHERE id IN (2, 397)");
        Done(await rig.MigrateAsync());
        Assert.Equal("2", Done(await rig.VerifyAsync())["rounds"]);
        Assert.Equal(399, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_row_that_changes_between_reading_and_writing_is_read_again()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        Done(await rig.BackupAsync());

        // A transaction of the application holds the row: the batch waits for it, and finds another value than it has read.
        await using var application = new Npgsql.NpgsqlConnection(rig.Table.Connection);
        await application.OpenAsync();
        await using var transaction = await application.BeginTransactionAsync();
        await using (var update = new Npgsql.NpgsqlCommand(
            $"UPDATE {rig.Table.Name} SET email = '{Fernet.Seal(rig.New, "theirs")}', hash = '{SealedTable.HashOf("theirs")}' WHERE id = 7",
            application))
        {
            await update.ExecuteNonQueryAsync();
        }

        rig.Settings["lockTimeout"] = "30s";
        var migrating = rig.MigrateAsync();
        await UntilBlockedAsync(rig);
        await transaction.CommitAsync();
        Assert.Equal("39", Done(await migrating)["moved"]);
        Assert.Equal(40, await rig.Table.CheckAsync(rig.New));
        Assert.Equal("theirs", Fernet.Open(rig.New, (await rig.Table.TokensAsync())[7]));
    }

    [Fact]
    public async Task Rows_under_older_keys_are_moved_too()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(100);
        var (older, left) = (Fernet.NewKey(), Fernet.NewKey());
        await rig.Table.WriteAsync(5, older, "with an older key");
        await rig.Table.WriteAsync(6, left, "with the key of a rotation that was not carried through");
        rig.Settings["olderKeys"] = new System.Text.Json.Nodes.JsonArray("env:OLDER");
        rig.References["env:OLDER"] = older;
        rig.Others.Add(left);
        Done(await rig.RehearseAsync());
        Done(await rig.BackupAsync());
        Done(await rig.MigrateAsync());
        Done(await rig.VerifyAsync());
        Assert.Equal(100, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_rate_limit_holds()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(300);
        rig.Settings["rowsPerSecond"] = 1000;
        Done(await rig.BackupAsync());

        // What is asserted is the pace that it says it had, not the time of this machine.
        var slice = await rig.MigrateSliceAsync(TimeSpan.FromMilliseconds(150));
        Assert.Equal(StepOutcomeKind.Continue, slice.Kind);
        Assert.True(long.Parse(slice.Facts!["rowsPerSecond"]) <= 1100, slice.Facts["rowsPerSecond"]);
        Done(await rig.MigrateAsync());
    }

    [Fact]
    public async Task A_dump_is_written_when_it_is_wanted()
    {
        using var folder = new TempFolder();
        var rig = await new RowsRig(postgres).WithRowsAsync(20);
        rig.Settings["dumpTo"] = folder.Path;
        var dump = Done(await rig.BackupAsync())["dump"];
        Assert.True(new FileInfo(dump).Length > 500);
        Assert.False(PrivateFile.IsOpenToOthers(dump));
        Assert.Equal(dump, Done(await rig.BackupAsync())["dump"]);
    }

    [Fact]
    public async Task Large_values_make_small_batches()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(0);
        rig.Settings["connections"] = 1;
        var large = new string('x', 1 << 20);
        for (var id = 1; id <= 24; id++)
        {
            await rig.Table.WriteAsync(id, rig.Old, large);
        }

        Done(await rig.RehearseAsync(TimeSpan.Zero));
        Done(await rig.BackupAsync());
        var slice = await rig.MigrateSliceAsync(TimeSpan.Zero);
        Assert.InRange(long.Parse(slice.Facts!["rows"], System.Globalization.CultureInfo.InvariantCulture), 4, 8);
        Done(await rig.MigrateAsync(TimeSpan.Zero));
        Done(await rig.VerifyAsync());
        Assert.Equal(24, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task What_a_slice_has_told_outlives_a_crash_of_the_server()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var rig = await new RowsRig(cluster, "customers").WithRowsAsync(2000);
        rig.Settings["connections"] = 1;

        // Nothing but a commit that is waited for writes the log out.
        await cluster.ExecuteAsync("ALTER SYSTEM SET wal_writer_delay = '10s'");
        await cluster.ExecuteAsync("ALTER SYSTEM SET wal_writer_flush_after = 0");
        await cluster.ExecuteAsync("SELECT pg_reload_conf()");
        Done(await rig.BackupAsync());
        for (var crash = 1; crash <= 3; crash++)
        {
            var slice = await rig.MigrateSliceAsync(TimeSpan.Zero);
            await cluster.CrashAsync();
            await cluster.LaunchAsync();
            rig.References.Remove("env:DB");
            var told = long.Parse(slice.Facts!["rows"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(told, (await rig.Table.TokensAsync()).Values.Count(token => Fernet.Open(rig.New, token) is not null));
        }

        Assert.Equal("2000", Done(await rig.MigrateAsync())["moved"]);
        Assert.Equal(2000, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_worker_of_a_rotation_that_was_taken_over_commits_nothing_more()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        Done(await rig.BackupAsync());
        await using var application = new Npgsql.NpgsqlConnection(rig.Table.Connection);
        await application.OpenAsync();
        await using var transaction = await application.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand($"SELECT id FROM {rig.Table.Name} WHERE id = 7 FOR UPDATE", application))
        {
            await hold.ExecuteNonQueryAsync();
        }

        // Its batch stands still in the middle, as that of a process that was frozen.
        rig.Settings["lockTimeout"] = "30s";
        var migrating = rig.MigrateAsync();
        await UntilBlockedAsync(rig);
        Done(await rig.Provider.FenceAsync(rig.Call(), default));
        await transaction.CommitAsync();
        Assert.StartsWith("Another session is still at work", (await migrating).Reason, StringComparison.Ordinal);
        Assert.Equal(40, await rig.Table.CheckAsync(rig.Old));
    }

    [Fact]
    public async Task A_pass_that_found_no_end_looks_again_when_it_is_asked_again()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        Done(await rig.BackupAsync());
        Done(await rig.MigrateAsync());
        var rotation = rig.Call().RotationId;
        Done(await rig.VerifyAsync());
        await rig.ExecuteAsync(
            $"UPDATE rotunda.lanes SET after = lower, rows = 0, moved = 0, done = false, round = 9 WHERE rotation = '{rotation}' AND "
                + "pass = 'verify-rows'");
        await rig.Table.WriteAsync(3, rig.Old, "still with the old key");
        var outcome = await rig.VerifyAsync();
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.StartsWith(
            "After 10 rounds the application still writes rows with the other key (1 in the last round).",
            outcome.Reason,
            StringComparison.Ordinal);
        Assert.Equal("11", Done(await rig.VerifyAsync())["rounds"]);
        Assert.Equal(40, await rig.Table.CheckAsync(rig.New));
    }

    // The way back.

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public async Task A_rollback_puts_back_exactly_what_was_there(int slices)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(400);
        rig.Settings["connections"] = 1;
        var before = await rig.Table.TokensAsync();
        Done(await rig.BackupAsync());
        if (slices == int.MaxValue)
        {
            Done(await rig.MigrateAsync());
        }
        else
        {
            await rig.MigratePartAsync(slices);
        }

        Done(await rig.RestoreAsync(TimeSpan.Zero));
        Assert.Equal(before, await rig.Table.TokensAsync());
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await rig.RestoreAsync()).Kind);
        Done(await rig.DropAsync());
    }

    [Fact]
    public async Task A_rollback_keeps_what_was_written_since()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(400);
        var before = await rig.Table.TokensAsync();
        Done(await rig.BackupAsync());
        Done(await rig.MigrateAsync());
        Done(await rig.VerifyAsync());
        await rig.Table.WriteAsync(3, rig.New, "changed in the grace period");
        await rig.Table.WriteAsync(5000, rig.New, "added in the grace period");
        await rig.ExecuteAsync($"DELETE FROM {rig.Table.Name} WHERE id = 4");

        Done(await rig.RestoreAsync());
        Assert.Equal(400, await rig.Table.CheckAsync(rig.Old));
        var after = await rig.Table.TokensAsync();
        Assert.Equal("changed in the grace period", Fernet.Open(rig.Old, after[3]));
        Assert.Equal("added in the grace period", Fernet.Open(rig.Old, after[5000]));
        Assert.All(before.Where(row => row.Key is not (3 or 4)), row => Assert.Equal(row.Value, after[row.Key]));
    }

    [Fact]
    public async Task A_copy_that_does_not_fit_its_checksum_is_not_put_back()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(50);
        Done(await rig.BackupAsync());
        var side = await rig.ScalarAsync<string>(
            $"SELECT c.oid::regclass::text FROM pg_class c WHERE obj_description(c.oid) LIKE 'Rows of {rig.Table.Name} %'");
        await rig.ExecuteAsync($"UPDATE {side} SET c0 = (SELECT c0 FROM {side} WHERE k = 2) WHERE k = 1");
        Assert.Contains("do not fit their checksum", Stopped(await rig.BackupAsync()), StringComparison.Ordinal);
        Done(await rig.MigrateAsync());
        Done(await rig.RestoreAsync());
        Assert.Equal(50, await rig.Table.CheckAsync(rig.Old));
    }

    [Fact]
    public async Task What_an_abandoned_rotation_left_goes_back_under_the_key_in_use()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(100);
        var abandoned = Fernet.NewKey();
        for (var id = 1; id <= 30; id++)
        {
            await rig.Table.WriteAsync(id, abandoned, $"theirs {id}");
        }

        rig.Others.Add(abandoned);
        Done(await rig.RestoreAsync(pass: "level", withNew: false));
        Assert.Equal(100, await rig.Table.CheckAsync(rig.Old));
    }

    private static IReadOnlyDictionary<string, string> Done(StepOutcome outcome)
    {
        Assert.True(outcome.Succeeded, $"{outcome.Kind}: {outcome.Reason}");
        return outcome.Facts ?? new Dictionary<string, string>();
    }

    private static string Stopped(StepOutcome outcome)
    {
        Assert.False(outcome.Succeeded);
        return outcome.Reason!;
    }

    private static Task<long> SideTablesAsync(RowsRig rig) =>
        rig.ScalarAsync<long>($"SELECT count(*) FROM pg_class c WHERE obj_description(c.oid) LIKE 'Rows of {rig.Table.Name} %'");

    private static async Task<int> UnderAsync(RowsRig rig, string key) =>
        (await rig.Table.TokensAsync()).Values.Count(token => Fernet.Open(key, token) is not null);

    private static async Task UntilBlockedAsync(RowsRig rig)
    {
        while (await rig.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rotunda re-encrypt' AND wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
