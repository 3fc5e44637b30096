using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>The very objects that two accounts own or are given, on a real server.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class PostgresObjectsTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres;
    private readonly string _a;
    private readonly string _b;

    public PostgresObjectsTests(PostgresFixture postgres) =>
        (_postgres, _a, _b) = (postgres, postgres.NewName(), postgres.NewName());

    public async ValueTask InitializeAsync() => await RunAsync(
        "CREATE ROLE {a} NOLOGIN; CREATE ROLE {b} NOLOGIN; CREATE TABLE {a}_1 (id int, no int); CREATE TABLE {a}_2 (id int)");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Each has one, or more at the same: the server makes no two roles members of each other, so no statement is told.</summary>
    [Theory]
    [InlineData("SELECT ON {a}_1", "SELECT ON {a}_2", "has privileges on table {a}_1.", "has privileges on table {a}_2.")]
    [InlineData("SELECT ON {a}_1", "INSERT, DELETE ON {a}_1", "may also SELECT on table {a}_1.", "may also DELETE, INSERT on table {a}_1.")]
    [InlineData(
        "SELECT (id) ON {a}_1",
        "SELECT (no) ON {a}_1",
        "has privileges on column id of table {a}_1.",
        "has privileges on column no of table {a}_1.")]
    public async Task As_many_privileges_are_not_the_same_ones(string toFirst, string toSecond, string ofFirst, string ofSecond)
    {
        await RunAsync($"GRANT {toFirst} TO {{a}}; GRANT {toSecond} TO {{b}}");
        var problem = await ProblemAsync();
        Assert.Contains(Named($"{{a}} {ofFirst} {{b}} does not"), problem);
        Assert.Contains(Named($"{{b}} {ofSecond} {{a}} does not"), problem);
        Assert.DoesNotContain("Run: GRANT", problem, StringComparison.Ordinal);

        await RunAsync($"GRANT {toFirst} TO {{b}}; GRANT {toSecond} TO {{a}}");
        Assert.Null(await ProblemAsync());
    }

    /// <summary>A right to a whole table is one to each of its columns, and the other way round it is not.</summary>
    [Fact]
    public async Task A_column_is_less_than_its_table()
    {
        await RunAsync("GRANT SELECT ON {a}_1 TO {a}; GRANT SELECT (id) ON {a}_1 TO {b}");
        var problem = await ProblemAsync();
        Assert.Contains(Named("{a} has privileges on table {a}_1."), problem);
        Assert.DoesNotContain("column", problem, StringComparison.Ordinal);

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync());
    }

    [Fact]
    public async Task A_policy_that_names_one_account_alone_is_found()
    {
        await RunAsync(
            "ALTER TABLE {a}_1 ENABLE ROW LEVEL SECURITY; GRANT SELECT ON {a}_1 TO {a}, {b}; CREATE POLICY mine ON {a}_1 TO {a} "
                + "USING (true); INSERT INTO {a}_1 VALUES (1)");
        var problem = await ProblemAsync();
        Assert.Contains(Named("{a} is let in by policy mine on table {a}_1."), problem);

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync());
        await RunAsync("SET ROLE {b}; DO $$ BEGIN ASSERT (SELECT count(*) = 1 FROM {a}_1); END $$");
    }

    /// <summary>GRANT would make a circle.</summary>
    [Fact]
    public async Task Where_the_one_is_a_member_of_the_other_no_statement_that_fails_is_told()
    {
        await RunAsync("ALTER TABLE {a}_1 OWNER TO {a}; GRANT {b} TO {a}");
        var problem = await ProblemAsync();
        Assert.Contains(Named("{a} owns table {a}_1. {b} does not, so it could not work with the same data. Give it the same"), problem);
        Assert.DoesNotContain(Named("GRANT \"{a}\" TO \"{b}\""), problem, StringComparison.Ordinal);
    }

    /// <summary>What everyone may, and what a session keeps for itself, make none; what belongs to no database does.</summary>
    [Fact]
    public async Task Only_what_makes_a_difference_is_told()
    {
        await RunAsync("GRANT SELECT ON {a}_1 TO PUBLIC; GRANT SELECT, INSERT ON {a}_1 TO {a}; GRANT INSERT ON {a}_1 TO {b}");
        await using var session = new NpgsqlConnection(_postgres.Admin);
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await using var temporary = new NpgsqlCommand(Named("SET ROLE {a}; CREATE TEMPORARY TABLE mine (id int)"), session);
        await temporary.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Null(await ProblemAsync());

        await RunAsync("CREATE DATABASE {a}_db OWNER {b}");
        var problem = await ProblemAsync();
        Assert.Contains(Named("In all databases, {b} owns database {a}_db."), problem);
        Assert.Equal(Named("GRANT \"{b}\" TO \"{a}\""), Statement(problem));
    }

    /// <summary>The administrator is in another one.</summary>
    [Fact]
    public async Task The_database_that_the_logins_are_for_is_looked_into()
    {
        await RunAsync("CREATE DATABASE {a}_db");
        await RunAsync("CREATE TABLE there (id int); GRANT SELECT ON there TO {a}; GRANT SELECT, INSERT ON there TO {b}", Named("{a}_db"));
        var problem = await ProblemAsync(Named("{a}_db"));
        Assert.Contains(Named("In {a}_db, {b} may also INSERT on table there."), problem);

        await RunAsync("CREATE TABLE more (id int); GRANT SELECT ON more TO {a}", Named("{a}_db"));
        Assert.Contains(Named("In {a}_db, {a} has privileges on 1 object(s)."), await ProblemAsync());
    }

    private Task RunAsync(string sql) => _postgres.Cluster.ExecuteAsync(Named(sql));

    private async Task RunAsync(string sql, string database)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_postgres.Admin) { Database = database, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(Named(sql), connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string?> ProblemAsync(string? database = null)
    {
        var settings = new JsonObject { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(_a, _b) };
        if (database is not null)
        {
            settings["verifyDatabase"] = database;
        }

        var references = new FixedReferences(new Dictionary<string, string> { ["env:ADMIN"] = _postgres.Admin });
        var call = new ProviderCall(new(settings, references), "db", "db-1", 1, 1, TimeProvider.System);
        var outcome = await new PostgresProvider().ValidateAsync(call, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded || outcome.Kind == StepOutcomeKind.Rejected, outcome.Reason);
        return outcome.Reason;
    }

    private string Named(string text) => text.Replace("{a}", _a, StringComparison.Ordinal).Replace("{b}", _b, StringComparison.Ordinal);

    private static string Statement(string? problem)
    {
        var from = problem!.IndexOf("Run: ", StringComparison.Ordinal) + "Run: ".Length;
        return problem[from..problem.IndexOf(';', from)];
    }
}
