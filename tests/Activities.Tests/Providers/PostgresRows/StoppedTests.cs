using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>What keeps rows from being moved: told clearly, nothing half done that is not told, and gone on from once it is put
/// right.</summary>
[Collection(RowsTestGroup.Name)]
public sealed class StoppedTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_wrong_old_key_is_told_by_the_preflight()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(300);
        rig.Old = Fernet.NewKey();
        var outcome = await rig.PreflightAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Equal(
            $"The key in use opens none of 200 sampled values of {rig.Table.Name}.email. Check that it is the right key ('current: "
                + "value'), and the right 'format'. If something stands before each value, give it as 'prefix'.",
            outcome.Reason);
    }

    [Fact]
    public async Task Mixed_keys_and_corrupt_rows_are_listed_by_their_keys_and_nothing_is_written()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(300);
        await rig.Table.WriteAsync(17, Fernet.NewKey(), "of a key that nobody told");
        await rig.ExecuteAsync(
            $"UPDATE {rig.Table.Name} SET email = left(email, 40) || 'x' WHERE id = 250; UPDATE {rig.Table.Name} SET email = 'plain "
                + "text, my secret' WHERE id = 251");
        var before = await rig.Table.TokensAsync();
        foreach (var slice in new[] { TimeSpan.Zero, RowsRig.Long })
        {
            var outcome = await rig.RehearseAsync(slice);
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.StartsWith($"No key opens 3 of 300 rows, by their keys: {rig.Table.Name}: ", outcome.Reason, StringComparison.Ordinal);
            Assert.Equal(["17", "250", "251"], outcome.Facts!["unopenedRows"].Split(": ")[1].Split(", ").Order());
            Assert.DoesNotContain("secret", outcome.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(before, await rig.Table.TokensAsync());
        Assert.Equal(
            0,
            await rig.ScalarAsync<long>(
                $"SELECT count(*) FROM pg_stat_user_tables WHERE relid = '{rig.Table.Name}'::regclass AND n_tup_upd > 3"));
    }

    [Fact]
    public async Task Rows_that_the_policy_names_stay_as_they_are()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(100);
        await rig.ExecuteAsync($"UPDATE {rig.Table.Name} SET email = 'corrupt' WHERE id IN (3, 4)");
        rig.FirstTable["skip"] = new JsonArray("3", "4");
        Assert.Equal("2", (await rig.RehearseAsync()).Facts!["skipped"]);
        foreach (var outcome in new[]
        {
            await rig.PreflightAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
        })
        {
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        var after = await rig.Table.TokensAsync();
        Assert.Equal(
            ("corrupt", 98),
            (after[3], after.Values.Count(token => token != "corrupt" && Fernet.Open(rig.New, token) is not null)));
        Assert.True((await rig.RestoreAsync()).Succeeded);
        Assert.Equal(
            98,
            (await rig.Table.TokensAsync()).Values.Count(token => token != "corrupt" && Fernet.Open(rig.Old, token) is not null));
    }

    [Fact]
    public async Task A_row_that_is_corrupted_meanwhile_stops_the_move_with_its_key_and_can_be_gone_back_from()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(200);
        rig.Settings["connections"] = 1;
        Assert.True((await rig.BackupAsync()).Succeeded);
        await rig.ExecuteAsync($"UPDATE {rig.Table.Name} SET email = 'corrupt' WHERE id = 170");
        var outcome = await rig.MigrateAsync();
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Equal(
            $"No key opens a row of {rig.Table.Name}, by id: 170. Put it right, or delete it. 150 of 200 rows are done, 150 of them "
                + "written. What is done is kept: a resume goes on from there, a rollback goes back from there.",
            outcome.Reason);

        await rig.ExecuteAsync($"DELETE FROM {rig.Table.Name} WHERE id = 170");
        Assert.True((await rig.MigrateAsync()).Succeeded);
        Assert.Equal(199, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_trigger_that_refuses_is_told_before_anything_is_written()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(100);
        await TriggerAsync(rig, "RAISE EXCEPTION 'not this row: %', NEW.email;");
        var before = await rig.Table.TokensAsync();
        var outcome = await rig.PreflightAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("a trigger refuses it (SQLSTATE P0001)", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains($"each update of {rig.Table.Name} runs triggers ", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("gAAAA", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await rig.Table.TokensAsync());
    }

    [Fact]
    public async Task A_trigger_that_refuses_one_row_is_told_with_its_key_and_the_rest_of_its_batch_is_taken_back()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(200);
        rig.Settings["connections"] = 1;
        Assert.True((await rig.BackupAsync()).Succeeded);
        await TriggerAsync(rig, "IF NEW.id = 120 THEN RAISE EXCEPTION 'no'; END IF;");
        var outcome = await rig.MigrateAsync();
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.StartsWith(
            $"{rig.Table.Name} cannot take the new value of the row 120: a trigger refuses it (SQLSTATE P0001)",
            outcome.Reason,
            StringComparison.Ordinal);
        Assert.Contains("100 of 200 rows are done, 100 of them written.", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(100, (await rig.Table.TokensAsync()).Values.Count(token => Fernet.Open(rig.New, token) is not null));

        Assert.True((await rig.RestoreAsync()).Succeeded);
        Assert.Equal(200, await rig.Table.CheckAsync(rig.Old));
    }

    [Fact]
    public async Task An_update_that_a_trigger_swallows_is_noticed()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(60);
        Assert.True((await rig.BackupAsync()).Succeeded);
        await TriggerAsync(rig, "IF NEW.id = 20 THEN RETURN NULL; END IF;");
        var outcome = await rig.MigrateAsync();
        Assert.Contains("has no effect on some of the rows 20: a trigger or rule swallows it", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_the_application_holds_is_waited_for_and_then_told()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(60);
        rig.Settings.Remove("lockTimeout");
        Assert.True((await rig.BackupAsync()).Succeeded);
        await using var application = new NpgsqlConnection(rig.Table.Connection);
        await application.OpenAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using (var hold = new NpgsqlCommand($"SELECT id FROM {rig.Table.Name} WHERE id = 5 FOR UPDATE", application))
            {
                await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            var outcome = await rig.MigrateAsync();
            Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind == StepOutcomeKind.RetryLater ? StepOutcomeKind.Unknown : outcome.Kind);
            Assert.StartsWith(
                "The application holds a lock on rows for longer than lockTimeout (0.5 s).",
                outcome.Reason,
                StringComparison.Ordinal);
        }

        Assert.True((await rig.MigrateAsync()).Succeeded);
        Assert.Equal(60, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_transaction_that_may_still_write_with_the_old_key_is_waited_for()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        Assert.True((await rig.BackupAsync()).Succeeded);
        Assert.True((await rig.MigrateAsync()).Succeeded);
        await using var application = new NpgsqlConnection(rig.Table.Connection + ";Application Name=orders");
        await application.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var write = new NpgsqlCommand(
            $"INSERT INTO {rig.Table.Name} (id, email, hash) VALUES (7000, '{Fernet.Seal(rig.Old, "late")}', "
                + $"'{SealedTable.HashOf("late")}')",
            application))
        {
            await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var outcome = await rig.VerifyAsync(slice: TimeSpan.FromMilliseconds(300));
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.StartsWith("The transaction of orders (process ", outcome.Reason, StringComparison.Ordinal);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("2", (await rig.VerifyAsync()).Facts!["rounds"]);
        Assert.Equal(41, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_prepared_transaction_is_waited_for_too()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        Assert.True((await rig.BackupAsync()).Succeeded);
        Assert.True((await rig.MigrateAsync()).Succeeded);
        var prepared = postgres.NewName("order");
        await rig.ExecuteAsync(
            $"BEGIN; INSERT INTO {rig.Table.Name} (id, email, hash) VALUES (7000, '{Fernet.Seal(rig.Old, "late")}', "
                + $"'{SealedTable.HashOf("late")}'); PREPARE TRANSACTION '{prepared}'");
        try
        {
            var outcome = await rig.VerifyAsync(slice: TimeSpan.FromMilliseconds(300));
            Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
            Assert.StartsWith($"The prepared transaction '{prepared}', ", outcome.Reason, StringComparison.Ordinal);
        }
        finally
        {
            await rig.ExecuteAsync($"COMMIT PREPARED '{prepared}'");
        }

        Assert.Equal("2", (await rig.VerifyAsync()).Facts!["rounds"]);
        Assert.Equal(41, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_lost_connection_loses_nothing()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(3000);
        rig.Settings["rowsPerSecond"] = 2000;
        Assert.True((await rig.BackupAsync()).Succeeded);
        var migrating = rig.MigrateAsync();
        while (await rig.ScalarAsync<long>(
            "SELECT coalesce(sum(rows), 0)::bigint FROM rotunda.lanes WHERE pass = 'migrate' AND rotation = "
                + $"'{rig.Call().RotationId}'") < 200)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await rig.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rotunda re-encrypt'");
        var outcome = await migrating;
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("of 3000 rows are done", outcome.Reason, StringComparison.Ordinal);
        rig.Settings.Remove("rowsPerSecond");
        Assert.Equal("3000", (await rig.MigrateAsync()).Facts!["moved"]);
        Assert.Equal(3000, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_gone_on_from_once_there_is_room()
    {
        var disk = Directory.CreateTempSubdirectory("rotunda-rows-disk-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=10m,mode=777", "tmpfs", disk) is { } why)
        {
            Assert.Skip("No file system of a fixed size can be mounted here: " + why);
        }

        var rig = await new RowsRig(postgres).WithRowsAsync(20_000);
        var space = postgres.NewName("small");
        try
        {
            rig.Settings["batch"] = 1000;
            Directory.CreateDirectory(Path.Combine(disk, "pg"));
            await RunAsync("chown", "postgres", Path.Combine(disk, "pg"));
            await rig.ExecuteAsync($"CREATE TABLESPACE {space} LOCATION '{disk}/pg'");
            rig.Settings["diskPath"] = disk;
            await rig.ExecuteAsync($"ALTER TABLE {rig.Table.Name} SET TABLESPACE {space}");
            var checkedFirst = await rig.PreflightAsync();
            Assert.Equal(StepOutcomeKind.Rejected, checkedFirst.Kind);
            Assert.Contains("The move needs about ", checkedFirst.Reason, StringComparison.Ordinal);
            Assert.True((await rig.BackupAsync()).Succeeded);
            await FillAsync(disk, leave: 300 * 1024);

            var outcome = await rig.MigrateAsync();
            Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind == StepOutcomeKind.RetryLater ? StepOutcomeKind.Unknown : outcome.Kind);
            Assert.StartsWith("The disk of ", outcome.Reason, StringComparison.Ordinal);
            Assert.Contains("is full (SQLSTATE 53100)", outcome.Reason, StringComparison.Ordinal);
            Assert.Equal(20_000, await rig.Table.CheckAsync(rig.Old, rig.New));

            File.Delete(Path.Combine(disk, "ballast"));
            Assert.True((await rig.MigrateAsync()).Succeeded);
            Assert.Equal(20_000, await rig.Table.CheckAsync(rig.New));
        }
        finally
        {
            await rig.ExecuteAsync($"DROP TABLE {rig.Table.Name}");
            await rig.ExecuteAsync($"DROP TABLESPACE IF EXISTS {space}");
            await RunAsync("umount", "-l", disk);
            Directory.Delete(disk);
        }
    }

    [Theory]
    [InlineData(
        "CREATE TABLE {0} (id bigint, email text)",
        "{0} has no usable key: id must be NOT NULL and have a unique index on it alone.")]
    [InlineData(
        "CREATE TABLE {0} (id bigint NOT NULL, other int NOT NULL, email text, UNIQUE (id, other))",
        "{0} has no usable key: id must be NOT NULL")]
    [InlineData(
        "CREATE TABLE {0} (id bigint NOT NULL, email text); CREATE UNIQUE INDEX ON {0} (id) WHERE id > 5",
        "{0} has no usable key: id must be NOT NULL")]
    [InlineData(
        "CREATE TABLE {0} (number bigint PRIMARY KEY, email text)",
        "{0} has no column id: set 'key' to the column that tells its rows apart, or 'keyColumns' to those that do.")]
    [InlineData("CREATE TABLE {0} (id bigint PRIMARY KEY, mail text)", "{0} has no column email.")]
    [InlineData(
        "CREATE TABLE {0} (id bigint PRIMARY KEY, email jsonb)",
        "{0}.email is of type jsonb: only text, varchar, citext and bytea can be moved, and domains over them.")]
    [InlineData(
        "CREATE VIEW {0} AS SELECT 1::bigint AS id, ''::text AS email",
        "{0} is no plain or partitioned table: name the tables that hold the rows.")]
    [InlineData("SELECT 1", "There is no table {0} in the database postgres. Check 'tables' and 'database'.")]
    public async Task A_table_that_cannot_be_moved_is_told(string sql, string reason)
    {
        var rig = new RowsRig(postgres);
        await rig.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, rig.Table.Name));
        foreach (var outcome in new[] { await rig.PreflightAsync(), await rig.Provider.ValidateAsync(rig.Call(), default) })
        {
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.StartsWith(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, reason, rig.Table.Name),
                outcome.Reason,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rights_that_are_missing_are_named()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(10);
        var role = postgres.NewName("mover");
        await rig.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'pass-1234'; GRANT SELECT ON {rig.Table.Name} TO {role}");
        rig.References["env:DB"] = $"{rig.Table.Connection};Username={role};Password=pass-1234";
        var outcome = await rig.PreflightAsync();
        Assert.Contains("The role may not make side tables in the schema rotunda.", outcome.Reason, StringComparison.Ordinal);
        await rig.ExecuteAsync($"CREATE SCHEMA {role}_work AUTHORIZATION {role}");
        rig.Settings["workSchema"] = $"{role}_work";
        Assert.Contains(
            $"The role may not read and update {rig.Table.Name}.email. Run: GRANT SELECT (\"email\"), UPDATE (\"email\") ON "
                + $"\"public\".\"{rig.Table.Name.Split('.')[1]}\" TO \"{role}\";",
            (await rig.PreflightAsync()).Reason,
            StringComparison.Ordinal);
        await rig.ExecuteAsync($"GRANT SELECT (email), UPDATE (email) ON {rig.Table.Name} TO {role}");
        foreach (var step in new[]
        {
            await rig.PreflightAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
            await rig.RestoreAsync(),
            await rig.DropAsync(),
        })
        {
            Assert.True(step.Succeeded, step.Reason);
        }

        await rig.ExecuteAsync(
            $"ALTER TABLE {rig.Table.Name} ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON {rig.Table.Name} USING (id < 5)");
        Assert.Contains("Row-level security applies to the role", (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_tried_again()
    {
        var rig = new RowsRig(postgres);
        rig.References["env:DB"] = "Host=127.0.0.1;Port=1;Username=u;Password=cAnary-1234";
        StepOutcome[] nothingHappened =
            [await rig.PreflightAsync(), await rig.BackupAsync(), await rig.MigrateAsync(), await rig.DropAsync()];
        StepOutcome[] halfWay = [await rig.VerifyAsync(), await rig.RestoreAsync()];
        foreach (var outcome in nothingHappened.Concat(halfWay))
        {
            Assert.Equal(halfWay.Contains(outcome) ? StepOutcomeKind.Unknown : StepOutcomeKind.RetryLater, outcome.Kind);
            Assert.DoesNotContain("cAnary", outcome.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Values_sealed_by_a_program_are_moved_by_it()
    {
        using var folder = new TempFolder();
        var rig = new RowsRig(postgres) { Old = "old-key-0123456789", New = "new-key-0123456789" };
        await WriteProgramAsync(folder, rig, "");
        var sealedAs = $"{rig.Old}:{Convert.ToBase64String("my text"u8)}";
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} (id bigint PRIMARY KEY, email text); INSERT INTO {rig.Table.Name} SELECT n, '{sealedAs}' "
                + "FROM generate_series(1, 8) n");
        foreach (var outcome in new[]
        {
            await rig.PreflightAsync(),
            await rig.RehearseAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
        })
        {
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        Assert.Equal(8, (await rig.Table.TokensAsync()).Values.Count(value => value == $"{rig.New}:{Convert.ToBase64String("my text"u8)}"));
    }

    [Fact]
    public async Task A_program_is_given_empty_values_and_nothing_of_this_process()
    {
        using var folder = new TempFolder();
        var canary = $"ROTUNDA_CANARY_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(canary, "of the server alone");
        var rig = new RowsRig(postgres) { Old = "old-key-0123456789", New = "new-key-0123456789" };
        await WriteProgramAsync(folder, rig, $"[ -z \"${canary}\" ] && [ -n \"$PATH\" ] || exit 8");
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} (id bigint PRIMARY KEY, email text); INSERT INTO {rig.Table.Name} SELECT n, '{rig.Old}:' || "
                + $"CASE WHEN n % 3 = 0 THEN '{Convert.ToBase64String("x"u8)}' ELSE '' END FROM generate_series(1, 8) n");
        foreach (var outcome in new[]
        {
            await rig.PreflightAsync(),
            await rig.RehearseAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
        })
        {
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        Environment.SetEnvironmentVariable(canary, null);
        Assert.Equal(6, (await rig.Table.TokensAsync()).Values.Count(value => value == $"{rig.New}:"));
    }

    [Theory]
    [InlineData("exit 3", "ended with code 3")]
    [InlineData("echo bm8=; exit 0", "answered 1 lines to 8")]
    [InlineData("exit 0", "answered 0 lines to 8")]
    [InlineData("cat; echo; exit 0", "answered 9 lines to 8")]
    [InlineData("while read -r line; do echo 'my text, in the clear'; done; exit 0", "answered a line that is neither base64 nor \"-\"")]
    public async Task A_program_that_fails_is_told_without_what_it_wrote(string fault, string reason)
    {
        using var folder = new TempFolder();
        var rig = new RowsRig(postgres) { Old = "old-key-0123456789", New = "new-key-0123456789" };
        await WriteProgramAsync(folder, rig, fault);
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} (id bigint PRIMARY KEY, email text); INSERT INTO {rig.Table.Name} SELECT n, 'x' FROM "
                + "generate_series(1, 8) n");
        var outcome = await rig.RehearseAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("clear", outcome.Reason, StringComparison.Ordinal);
    }

    /// <summary>"Seals" by putting the key before the text: what matters is who gets what, and how. Fails if the key is where
    /// others could see it.</summary>
    private static async Task WriteProgramAsync(TempFolder folder, RowsRig rig, string fault)
    {
        var program = folder.File("seal.sh");
        await File.WriteAllTextAsync(program, $"""
            key=$(cat <&3)
            case "$* $(env)" in *"$key"*) exit 9;; esac
            {fault}
            while IFS= read -r line; do
              if [ "$1" = seal ]; then
                printf '%s' "$key:$line" | base64 -w0; echo
              else
                value=$(printf '%s' "$line" | base64 -d)
                case "$value" in "$key:"*) printf '%s\n' "${"{value#\"$key:\"}"}";; *) echo -;; esac
              fi
            done
            """);
        rig.Settings["format"] = "exec";
        rig.Settings["command"] = new JsonArray("/bin/sh", program);
        rig.Settings["connections"] = 1;
    }

    private static Task TriggerAsync(RowsRig rig, string body)
    {
        var name = rig.Table.Name.Replace("public.", "", StringComparison.Ordinal);
        return rig.ExecuteAsync(
            $"CREATE FUNCTION {name}_f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {body} RETURN NEW; END $f$; CREATE TRIGGER "
                + $"{name}_t BEFORE UPDATE ON {rig.Table.Name} FOR EACH ROW EXECUTE FUNCTION {name}_f()");
    }

    private static async Task FillAsync(string disk, long leave)
    {
        var free = new DriveInfo(disk).AvailableFreeSpace - leave;
        await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[free]);
    }

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
