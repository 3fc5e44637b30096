using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Rotunda.Reencryption;
using Rotunda.Reencryption.Tables;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>Tables whose rows are in partitions: what is true of the rows is to be looked for there.</summary>
[Collection(RowsTestGroup.Name)]
public sealed class PartitionTests(PostgresFixture postgres)
{
    private const int Rows = 1200;

    [Fact]
    public async Task Rows_of_partitions_are_kept_and_dumped_and_moved_and_put_back()
    {
        using var folder = new TempFolder();
        var rig = await PartitionedAsync();
        rig.Settings["dumpTo"] = folder.File("dumps");
        var before = await rig.Table.TokensAsync();
        var kept = new List<StepOutcome> { await rig.PreflightAsync(), await rig.RehearseAsync(), await rig.BackupAsync() };
        Assert.All(kept, outcome => Assert.Equal($"{Rows}", outcome.Facts?[StepFacts.Rows]));
        Assert.Equal(
            before.Values.Order(StringComparer.Ordinal),
            (await DumpedAsync(kept[2].Facts!["dump"])).Order(StringComparer.Ordinal));

        Assert.Equal($"{Rows}", (await rig.MigrateAsync()).Facts!["moved"]);
        Assert.Equal(Rows, await rig.Table.CheckAsync(rig.New));
        Assert.True((await rig.VerifyAsync()).Succeeded);
        Assert.True((await rig.RestoreAsync()).Succeeded);
        Assert.Equal(before, await rig.Table.TokensAsync());
        Assert.True((await rig.DropAsync()).Succeeded);
    }

    [Fact]
    public async Task The_room_and_the_number_of_rows_are_those_of_the_partitions()
    {
        var rig = await PartitionedAsync();
        var taken =
            await rig.ScalarAsync<long>($"SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('{rig.Table.Name}')");
        Assert.True(taken > 200_000);
        var room = (await rig.PreflightAsync()).Facts!["room"];

        // Twice, and once more so much in the log.
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"about {(taken * 4 < 1 << 20 ? $"{taken * 4 / 1024.0:0} KB" : $"{taken * 4 / 1048576.0:0} MB")} needed; not measured "
                    + $"('diskPath')"),
            room);
        await rig.ExecuteAsync($"ANALYZE {rig.Table.Name}");
        await using var connection = new NpgsqlConnection(rig.Table.Connection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var name = rig.Table.Name.Split('.')[1];
        var table = await TableReader.ReadAsync(
            connection,
            0,
            new NamedTable("public", name, ["id"], ["email"], []),
            TestContext.Current.CancellationToken);
        Assert.Equal(Rows, table!.Estimate);
    }

    [Fact]
    public async Task A_trigger_of_one_partition_is_in_the_notes()
    {
        var rig = await PartitionedAsync();
        var name = postgres.NewName("one");
        await rig.ExecuteAsync(
            $"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$; CREATE TRIGGER {name} BEFORE "
                + $"UPDATE ON {rig.Table.Name}_b FOR EACH ROW EXECUTE FUNCTION {name}()");
        Assert.Contains($"runs triggers {name}:", (await rig.PreflightAsync()).Facts!["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_on_another_server_are_refused()
    {
        var rig = await PartitionedAsync();
        var name = postgres.NewName("far");
        await rig.ExecuteAsync(
            $"CREATE EXTENSION IF NOT EXISTS postgres_fdw; CREATE SERVER {name} FOREIGN DATA WRAPPER postgres_fdw; ALTER TABLE "
                + $"{rig.Table.Name} DROP CONSTRAINT {rig.Table.Name.Split('.')[1]}_pkey; CREATE FOREIGN TABLE {name}_p PARTITION OF "
                + $"{rig.Table.Name} FOR VALUES FROM (900000) TO (900001) SERVER {name}");
        Assert.Contains(
            $"Partitions of {rig.Table.Name} are foreign tables.",
            (await rig.PreflightAsync()).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partitioned_table_without_a_key_is_told_a_statement_that_can_be_run_on_it()
    {
        var rig = await PartitionedAsync();
        await rig.ExecuteAsync($"ALTER TABLE {rig.Table.Name} DROP CONSTRAINT {rig.Table.Name.Split('.')[1]}_pkey");
        var reason = (await rig.PreflightAsync()).Reason!;
        var from = reason.IndexOf("run: ", StringComparison.Ordinal) + "run: ".Length;
        foreach (var statement in reason[from..reason.IndexOf(" (writers", StringComparison.Ordinal)].Split("; "))
        {
            await rig.ExecuteAsync(statement);
        }

        var outcome = await rig.PreflightAsync();
        Assert.True(outcome.Succeeded, outcome.Reason);
    }

    [Fact]
    public async Task The_dump_is_made_without_the_secrets_of_this_process()
    {
        var canary = $"ROTUNDA_CANARY_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(canary, "of the server alone");
        var rig = new RowsRig(postgres);
        var setup = await RowsSetup.ReadAsync(rig.Call().Settings, TestContext.Current.CancellationToken);
        var command = RowsDump.Command(setup, ["public.t"], "/tmp/x");
        Assert.DoesNotContain(canary, command.Environment.Keys);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), command.Environment["PATH"]);
        // The password comes by a file in memory, which the dumps of the other tests prove.
        Assert.DoesNotContain(postgres.Cluster.AdminPassword, command.Environment.Values);
        Assert.DoesNotContain(
            command.ArgumentList,
            argument => argument.Contains(postgres.Cluster.AdminPassword, StringComparison.Ordinal));
        Environment.SetEnvironmentVariable(canary, null);
    }

    /// <summary>In two partitions, of which one has two of its own, with a name that must be quoted.</summary>
    private async Task<RowsRig> PartitionedAsync()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(Rows);
        var (name, plain) = (rig.Table.Name, rig.Table.Name.Split('.')[1] + "_plain");
        await rig.ExecuteAsync($""""
            ALTER TABLE {name} RENAME TO {plain};
            ALTER INDEX {name}_pkey RENAME TO {plain}_pkey;
            CREATE TABLE {name} (id bigint PRIMARY KEY, email text, hash text, version int NOT NULL DEFAULT 0) PARTITION BY RANGE (id);
            CREATE TABLE {name}_a PARTITION OF {name} FOR VALUES FROM (0) TO (500) PARTITION BY RANGE (id);
            CREATE TABLE public."{plain}.A ""x""" PARTITION OF {name}_a FOR VALUES FROM (0) TO (100);
            CREATE TABLE {name}_a2 PARTITION OF {name}_a FOR VALUES FROM (100) TO (500);
            CREATE TABLE {name}_b PARTITION OF {name} FOR VALUES FROM (500) TO (10000);
            INSERT INTO {name} SELECT id, email, hash, version FROM {plain};
            DROP TABLE {plain};
            """");
        return rig;
    }

    /// <summary>The sealed values in a dump, read as a restore would.</summary>
    private static async Task<List<string>> DumpedAsync(string dump)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "pg_restore",
            ["--data-only", "--file=-", dump]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var sql = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return [.. sql.Split('\t', '\n').Where(text => text.StartsWith("gAAAA", StringComparison.Ordinal))];
    }
}
