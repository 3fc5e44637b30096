using Npgsql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>What the preflight finds out by trying, and tells by name before anything is written.</summary>
[Collection(RowsTestGroup.Name)]
public sealed class TrialTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("BEFORE", "NEW.email := lower(NEW.email); RETURN NEW;", "changes it")]
    [InlineData("BEFORE", "NEW.email := NEW.email || ' '; RETURN NEW;", "changes it")]
    [InlineData(
        "BEFORE",
        "IF NEW.email <> OLD.email THEN NEW.email := 'sealed-by-trigger:' || md5(NEW.email); END IF; RETURN NEW;",
        "changes it")]
    [InlineData("BEFORE", "NEW.id := -NEW.id; RETURN NEW;", "changes it")]
    [InlineData(
        "AFTER",
        "IF pg_trigger_depth() = 1 THEN EXECUTE format('UPDATE %I.%I SET email = upper(email) WHERE id = $1', TG_TABLE_SCHEMA, "
            + "TG_TABLE_NAME) USING NEW.id; END IF; RETURN NULL;",
        "changes it")]
    [InlineData("BEFORE", "RETURN NULL;", "swallows it")]
    [InlineData("BEFORE", "RETURN OLD;", "swallows it")]
    public async Task A_trigger_that_changes_or_swallows_what_is_written_is_told_by_name(string when, string body, string what)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        var name = await TriggerAsync(rig, when, body);
        await RequireToldAsync(rig, $"triggers {name} {what}. Disable it for this role while rows are moved");
    }

    [Fact]
    public async Task A_trigger_that_waits_for_the_end_of_the_transaction_is_found_too()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        var name = await TriggerAsync(
            rig,
            "CONSTRAINT",
            "IF pg_trigger_depth() = 1 THEN EXECUTE format('UPDATE %I.%I SET email = upper(email) WHERE id = $1', TG_TABLE_SCHEMA, "
                + "TG_TABLE_NAME) USING NEW.id; END IF; RETURN NULL;");
        await RequireToldAsync(rig, $"triggers {name} changes it.");
    }

    [Fact]
    public async Task A_rule_that_puts_updates_elsewhere_is_told_by_name()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        await rig.ExecuteAsync($"CREATE RULE elsewhere AS ON UPDATE TO {rig.Table.Name} DO INSTEAD NOTHING");
        await RequireToldAsync(rig, "rules elsewhere swallows it.");
    }

    [Fact]
    public async Task A_trigger_that_only_looks_is_in_the_notes()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        var name = await TriggerAsync(rig, "BEFORE", "RETURN NEW;");
        var outcome = await rig.PreflightAsync();
        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Contains(
            $"each update of {rig.Table.Name} runs triggers {name}: what one of them copies elsewhere stays under the old key",
            outcome.Facts!["note"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_the_application_changes_meanwhile_are_no_reason_to_stop()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        await using var application = new NpgsqlConnection(rig.Table.Connection);
        await application.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await application.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var write = new NpgsqlCommand(
            $"UPDATE {rig.Table.Name} SET email = '{Fernet.Seal(rig.Old, "now")}', hash = '{SealedTable.HashOf("now")}' WHERE id = 40",
            application))
        {
            await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        rig.Settings["lockTimeout"] = "1m";
        var preflight = rig.PreflightAsync();
        while (await rig.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rotunda re-encrypt' AND wait_event_type = 'Lock'") == 0)
        {
            Assert.False(preflight.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.True((await preflight).Succeeded, (await preflight).Reason);
        Assert.Equal(40, await rig.Table.CheckAsync(rig.Old));
    }

    [Theory]
    [InlineData("")]
    [InlineData("server_round_robin = 1")]
    [InlineData("default_pool_size = 1")]
    [InlineData("server_round_robin = 1\nmin_pool_size = 2\ndefault_pool_size = 2")]
    public async Task A_pooler_that_hands_sessions_out_by_transactions_is_refused_and_its_sessions_stay_as_they_are(string more)
    {
        await using var pooler = await PoolerAsync("transaction", more);
        var rig = await new RowsRig(postgres).WithRowsAsync(40);
        rig.References["env:DB"] = pooler.ConnectionString(postgres.Cluster.AdminUser, postgres.Cluster.AdminPassword);
        foreach (var outcome in new[] { await rig.Provider.ValidateAsync(
            rig.Call(),
            default), await rig.PreflightAsync(), await rig.MigrateAsync() })
        {
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.StartsWith(
                $"{pooler.Address} is a pooler that hands out the server's sessions by transactions.",
                outcome.Reason,
                StringComparison.Ordinal);
        }

        await using var application = new NpgsqlConnection(rig.References["env:DB"]);
        await application.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT current_setting('extra_float_digits')", application);
        Assert.Equal("1", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_pooler_that_keeps_a_session_for_a_client_is_as_good_as_the_server()
    {
        await using var pooler = await PoolerAsync("session", "");
        var rig = await new RowsRig(postgres).WithRowsAsync(400);
        rig.References["env:DB"] = pooler.ConnectionString(postgres.Cluster.AdminUser, postgres.Cluster.AdminPassword);
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

        Assert.Equal(400, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_second_role_is_told_which_rights_on_the_first_ones_work_it_lacks()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(60);
        var role = postgres.NewName("second");
        await rig.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'pass-1234'; GRANT SELECT, UPDATE ON {rig.Table.Name} TO {role}; CREATE SCHEMA "
                + $"{role}_work; GRANT USAGE, CREATE ON SCHEMA {role}_work TO {role}");
        rig.Settings["workSchema"] = $"{role}_work";
        Assert.True((await rig.BackupAsync()).Succeeded);
        Assert.True((await rig.DropAsync()).Succeeded);

        rig.References["env:DB"] = $"{rig.Table.Connection};Username={role};Password=pass-1234";
        var outcome = await rig.PreflightAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        var grant = $"GRANT SELECT, INSERT, UPDATE, DELETE ON \"{role}_work\".lanes TO \"{role}\"";
        Assert.Contains(grant, outcome.Reason, StringComparison.Ordinal);
        foreach (var one in new[] { "SELECT", "INSERT", "UPDATE" })
        {
            await rig.ExecuteAsync($"GRANT {one} ON {role}_work.lanes TO {role}");
            Assert.Contains(grant, (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
        }

        await rig.ExecuteAsync(grant);
        foreach (var step in new[]
        {
            await rig.PreflightAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
            await rig.DropAsync(),
        })
        {
            Assert.True(step.Succeeded, step.Reason);
        }
    }

    [Fact]
    public async Task A_lock_timeout_that_leaves_deadlocks_to_the_server_is_noted()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(10);
        rig.Settings.Remove("lockTimeout");
        Assert.False((await rig.PreflightAsync()).Facts!.ContainsKey("note"));
        rig.Settings["lockTimeout"] = "5s";
        Assert.StartsWith(
            "lockTimeout (5 s) is not below the server's deadlock_timeout (1 s)",
            (await rig.PreflightAsync()).Facts!["note"],
            StringComparison.Ordinal);
    }

    private async Task RequireToldAsync(RowsRig rig, string reason)
    {
        var before = await rig.Table.TokensAsync();
        var outcome = await rig.PreflightAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("gAAAA", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await rig.Table.TokensAsync());
    }

    private Task<PgBouncerServer> PoolerAsync(string mode, string more) => PgBouncerServer.StartAsync(
        postgres.Cluster,
        $"\"{postgres.Cluster.AdminUser}\" \"{postgres.Cluster.AdminPassword}\"\n",
        new PgBouncerOptions(PoolMode: mode, More: more));

    private async Task<string> TriggerAsync(RowsRig rig, string when, string body)
    {
        var name = postgres.NewName("trigger");
        var (kind, moment, put) = when == "CONSTRAINT"
            ? ("CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED")
            : ("TRIGGER", when, "");
        await rig.ExecuteAsync(
            $"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {body} END $f$; CREATE {kind} {name} {moment} "
                + $"UPDATE ON {rig.Table.Name} {put} FOR EACH ROW EXECUTE FUNCTION {name}()");
        return name;
    }
}
