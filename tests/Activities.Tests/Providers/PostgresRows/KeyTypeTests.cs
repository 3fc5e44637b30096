using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>The columns that people tell rows apart by. Keys travel as texts, so each type has to come back from its text as it
/// is.</summary>
public sealed class KeyTypeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("int", "id::int * -3")]
    [InlineData("bigint", "id * 5000000000")]
    [InlineData("uuid", "md5(id::text)::uuid")]
    [InlineData("text", "'it''s \\ \"' || md5(id::text) || ' é '")]
    [InlineData("text COLLATE \"C\"", "chr((64 + id % 60)::int) || id")]
    [InlineData("varchar(12)", "'n-' || id")]
    [InlineData("char(36)", "md5(id::text)::uuid::text")]
    [InlineData("char(12)", "'n-' || id")]
    [InlineData("bit(16)", "id::int::bit(16)")]
    [InlineData("bit varying(20)", "id::int::bit(16)")]
    [InlineData("bytea", "decode(md5(id::text), 'hex')")]
    [InlineData("timestamptz", "'2026-03-29 00:30:00+00'::timestamptz + id * interval '61.000001 s'")]
    [InlineData("timestamp", "'1999-12-31'::timestamp + id * interval '1 microsecond'")]
    [InlineData("date", "'0044-03-15 BC'::date + id::int")]
    [InlineData("interval", "id * interval '-1 month 2 days 3.000001 s'")]
    [InlineData("numeric", "id / 7.0")]
    [InlineData("numeric(12,3)", "id / 8.0")]
    [InlineData("float8", "CASE id WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' ELSE sqrt(id::float8) / 3 END")]
    [InlineData("real", "(id::float8 / 7)::real")]
    [InlineData("inet", "'10.0.0.0/8'::inet + id")]
    [InlineData("name", "'n' || id")]
    public Task A_key_of_this_type_tells_every_row_apart(string type, string value) => MoveAndGoBackAsync(type, value);

    [Fact]
    public async Task A_key_of_a_domain_or_an_enumeration_or_without_case_does_too()
    {
        var name = postgres.NewName("key");
        await postgres.Cluster.ExecuteAsync(
            $"CREATE DOMAIN {name}_code AS char(8) CHECK (value <> ''); CREATE TYPE {name}_enum AS ENUM "
                + $"({string.Join(", ", Enumerable.Range(1, 230).Select(n => $"'{(n * 7919) % 997} of it'"))})");
        await MoveAndGoBackAsync($"{name}_code", "'c' || id");
        await MoveAndGoBackAsync($"{name}_enum", $"(enum_range(NULL::{name}_enum))[id]");
        if (await postgres.Cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext')"))
        {
            await postgres.Cluster.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS citext");
            await MoveAndGoBackAsync("citext", "CASE WHEN id % 2 = 0 THEN 'USER-' ELSE 'user-' END || id");
        }
    }

    [Fact]
    public async Task Lanes_part_a_large_table_by_keys_of_fixed_length()
    {
        var rig = await KeyedAsync("char(36)", "md5(id::text)::uuid::text", 21_000);
        rig.Settings["batch"] = 500;
        Assert.True((await rig.BackupAsync()).Succeeded);
        Assert.Equal("21000", (await rig.MigrateAsync()).Facts!["moved"]);
        Assert.Equal(
            24,
            await rig.ScalarAsync<long>(
                $"SELECT count(*) FROM rotunda.lanes WHERE pass = 'migrate' AND rotation = '{rig.Call().RotationId}' AND rows BETWEEN "
                    + "400 AND 1700"));
        Assert.Equal(21_000, await rig.Table.CheckAsync(rig.New));
    }

    [Fact]
    public async Task A_key_that_does_not_come_back_from_its_text_is_refused()
    {
        // Its text is "abs", or "pg_catalog.abs"; but there are several.
        var rig = await KeyedAsync("regproc", "CASE id WHEN 1 THEN 'pg_catalog.abs(int4)'::regprocedure::oid ELSE id::oid END", 20);
        var before = await rig.Table.TokensAsync();
        var outcome = await rig.PreflightAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Equal(
            $"{rig.Table.Name} has no usable key: k is of type regproc, and not all of its values come back from their text as they are. "
                + "Give another column as 'key': a number, a text, a uuid or a time. (SQLSTATE 42725)",
            outcome.Reason);
        Assert.Equal(before, await rig.Table.TokensAsync());
    }

    private async Task MoveAndGoBackAsync(string type, string value)
    {
        var rig = await KeyedAsync(type, value, 230);
        foreach (var outcome in new[] { await rig.PreflightAsync(), await rig.RehearseAsync(), await rig.BackupAsync() })
        {
            Assert.True(outcome.Succeeded, outcome.Reason);
            Assert.Equal("230", outcome.Facts![StepFacts.Rows]);
        }

        var before = await rig.Table.TokensAsync();
        Assert.Equal("230", (await rig.MigrateAsync()).Facts!["moved"]);
        Assert.Equal(230, await rig.Table.CheckAsync(rig.New));
        Assert.Equal("230", (await rig.VerifyAsync()).Facts![StepFacts.Rows]);
        Assert.True((await rig.RestoreAsync()).Succeeded);
        Assert.Equal(before, await rig.Table.TokensAsync());
        Assert.True((await rig.DropAsync()).Succeeded);
    }

    private async Task<RowsRig> KeyedAsync(string type, string value, int rows)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(rows);
        await rig.ExecuteAsync(
            $"ALTER TABLE {rig.Table.Name} ADD COLUMN k {type}; UPDATE {rig.Table.Name} SET k = {value}; ALTER TABLE {rig.Table.Name} "
                + $"DROP CONSTRAINT {rig.Table.Name.Split('.')[1]}_pkey, ADD PRIMARY KEY (k); ANALYZE {rig.Table.Name}");
        rig.FirstTable["key"] = "k";
        return rig;
    }
}
