using System.Text.RegularExpressions;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>A table in a publication without replica identity takes no update: told at once, with the statement that mends it.</summary>
[Collection(RowsTestGroup.Name)]
public sealed partial class PublicationTests(PostgresFixture postgres)
{
    [GeneratedRegex(@"ALTER TABLE [^;]*;", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Statements();

    [Theory]
    [InlineData("REPLICA IDENTITY NOTHING", "FOR TABLE {0}", "REPLICA IDENTITY DEFAULT")]
    [InlineData("DROP CONSTRAINT {1}_pkey, ADD UNIQUE (id)", "FOR TABLE {0}", "REPLICA IDENTITY USING INDEX {1}_id_key")]
    [InlineData("DROP CONSTRAINT {1}_pkey, ADD UNIQUE (id) DEFERRABLE, ADD UNIQUE (id)", "FOR ALL TABLES", "USING INDEX {1}_id_key1")]
    public async Task The_check_says_the_cause_and_the_statement_and_the_move_goes_on_after_it(string alter, string published, string mend)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(120);
        var name = rig.Table.Name.Split('.')[1];
        var publication = postgres.NewName("sent");
        await rig.ExecuteAsync($"ALTER TABLE {rig.Table.Name} {string.Format(null, alter, "", name)}");
        await rig.ExecuteAsync($"CREATE PUBLICATION {publication} {string.Format(null, published, rig.Table.Name)}");
        try
        {
            foreach (var outcome in new[] { await rig.Provider.ValidateAsync(rig.Call(), default), await rig.PreflightAsync() })
            {
                Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
                Assert.StartsWith(
                    $"{rig.Table.Name} is in the publication {publication}, which sends updates, and has no replica identity",
                    outcome.Reason,
                    StringComparison.Ordinal);
                Assert.Contains(string.Format(null, mend, "", name), outcome.Reason, StringComparison.Ordinal);
            }

            await MendAsync(rig, (await rig.PreflightAsync()).Reason!);
            Assert.True((await rig.PreflightAsync()).Succeeded);
            Assert.True((await rig.BackupAsync()).Succeeded);
            Assert.Equal("120", (await rig.MigrateAsync()).Facts!["moved"]);
        }
        finally
        {
            await rig.ExecuteAsync($"DROP PUBLICATION {publication}");
        }
    }

    [Theory]
    [InlineData("publish_via_partition_root = true")]
    [InlineData("publish = 'insert, update'")]
    public async Task Each_partition_is_looked_at_for_itself(string with)
    {
        var rig = new RowsRig(postgres);
        var name = rig.Table.Name;
        var publication = postgres.NewName("sent");
        await rig.ExecuteAsync($"""
            CREATE TABLE {name} (id bigint PRIMARY KEY, email text) PARTITION BY RANGE (id);
            CREATE TABLE {name}_a PARTITION OF {name} FOR VALUES FROM (0) TO (100);
            CREATE TABLE {name}_b PARTITION OF {name} FOR VALUES FROM (100) TO (200);
            ALTER TABLE {name}_b REPLICA IDENTITY NOTHING;
            CREATE PUBLICATION {publication} FOR TABLE {name} WITH ({with});
            """);
        var problem = (await rig.PreflightAsync()).Reason!;
        Assert.Equal($"ALTER TABLE {name}_b REPLICA IDENTITY DEFAULT;", Assert.Single(Statements().Matches(problem)).Value);
        await MendAsync(rig, problem);
        Assert.True((await rig.PreflightAsync()).Succeeded);
        await rig.ExecuteAsync($"DROP PUBLICATION {publication}");
    }

    [Fact]
    public async Task A_publication_of_inserts_alone_is_no_matter()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(10);
        var publication = postgres.NewName("sent");
        await rig.ExecuteAsync(
            $"ALTER TABLE {rig.Table.Name} REPLICA IDENTITY NOTHING; CREATE PUBLICATION {publication} FOR TABLE {rig.Table.Name} WITH "
                + "(publish = 'insert')");
        Assert.True((await rig.PreflightAsync()).Succeeded);
        await rig.ExecuteAsync($"DROP PUBLICATION {publication}");
    }

    [Fact]
    public async Task A_publication_that_is_made_meanwhile_stops_the_move_at_once_and_is_told_by_name()
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(200);
        rig.Settings["connections"] = 1;
        Assert.True((await rig.BackupAsync()).Succeeded);
        await rig.MigratePartAsync(slices: 1);
        var publication = postgres.NewName("sent");
        await rig.ExecuteAsync(
            $"ALTER TABLE {rig.Table.Name} REPLICA IDENTITY NOTHING; CREATE PUBLICATION {publication} FOR TABLE {rig.Table.Name}");
        var outcome = await rig.MigrateAsync();
        Assert.NotEqual(StepOutcomeKind.RetryLater, outcome.Kind);
        await MendAsync(rig, outcome.Reason!);
        Assert.True((await rig.MigrateAsync()).Succeeded);
        Assert.Equal(200, await rig.Table.CheckAsync(rig.New));
        await rig.ExecuteAsync($"DROP PUBLICATION {publication}");
    }

    [Theory]
    [InlineData(PostgresErrorCodes.ObjectNotInPrerequisiteState, false)]
    [InlineData(PostgresErrorCodes.LockNotAvailable, true)]
    [InlineData(PostgresErrorCodes.ConfigurationLimitExceeded, false)]
    [InlineData(PostgresErrorCodes.TooManyConnections, true)]
    [InlineData(PostgresErrorCodes.DatabaseDropped, false)]
    [InlineData(PostgresErrorCodes.CannotConnectNow, true)]
    [InlineData(PostgresErrorCodes.DataCorrupted, false)]
    [InlineData(PostgresErrorCodes.InternalError, true)]
    public void A_code_is_judged_by_what_it_means_and_not_by_its_class(string code, bool passes) =>
        Assert.Equal(passes, SqlStates.IsPassing(code));

    private static async Task MendAsync(RowsRig rig, string reason)
    {
        foreach (var statement in Statements().Matches(reason).Select(match => match.Value))
        {
            await rig.ExecuteAsync(statement);
        }
    }
}
