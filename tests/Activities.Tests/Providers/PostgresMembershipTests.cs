using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>From PostgreSQL 16 memberships have options of their own: two members of a group may not be able to do the same, and an
/// administrator may not be able to do what it could before. Each statement that is advised mends it.</summary>
[Collection(NewerPostgresTestGroup.Name)]
public sealed class PostgresMembershipTests(NewerPostgresFixture postgres)
{
    private const string Password = "pass-1234";
    private readonly PostgresProvider _provider = new();
    private readonly string _a = postgres.NewName();
    private readonly string _b = postgres.NewName();
    private readonly string _group = postgres.NewName("group");
    private readonly string _admin = postgres.NewName("admin");

    public static TheoryData<string> Advised => [.. AdvisedSqlTests.NamesFrom(16)];

    [Theory]
    [MemberData(nameof(Advised))]
    public Task What_is_advised_works(string name) => AdvisedSqlTests.PlayAsync(postgres.Cluster, postgres.NewName("advice"), name);

    [Theory]
    [InlineData("INHERIT FALSE", "has the rights of {0} at once, and {1} only after SET ROLE.", "SELECT count(*) FROM {0}_t")]
    [InlineData("SET FALSE", "may act as {0} (SET ROLE), and {1} may not.", "SET ROLE {0}")]
    [InlineData("ADMIN FALSE", "may make others members of {0} (ADMIN OPTION), and {1} may not.", "GRANT {0} TO {0}_third")]
    public async Task Each_option_that_one_account_lacks_is_found_and_mended(string lacks, string said, string needed)
    {
        await MakeAsync(asSuperuser: true);
        await RunAsync($"GRANT {_group} TO {_a} WITH ADMIN TRUE; GRANT {_group} TO {_b} WITH ADMIN TRUE");
        Assert.Null(await ProblemAsync());
        await RunAsync($"GRANT {_group} TO {_b} WITH {lacks}");
        var problem = await ProblemAsync();
        Assert.Contains($"{_a} {string.Format(null, said, _group, _b)}", problem);
        await Assert.ThrowsAsync<PostgresException>(() => AsAccountAsync(_b, string.Format(null, needed, _group)));

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync());
        await AsAccountAsync(_b, string.Format(null, needed, _group));
    }

    /// <summary>What counts is what all grants together give, whoever made them.</summary>
    [Fact]
    public async Task Grants_of_different_grantors_add_up()
    {
        await MakeAsync(asSuperuser: true);
        await RunAsync(
            $"GRANT {_group} TO {_admin} WITH ADMIN TRUE; GRANT {_group} TO {_a} WITH INHERIT FALSE; "
                + $"GRANT {_group} TO {_a} WITH INHERIT TRUE GRANTED BY {_admin}; GRANT {_group} TO {_b} WITH INHERIT TRUE");
        Assert.Null(await ProblemAsync());

        await RunAsync($"REVOKE {_group} FROM {_a} GRANTED BY {_admin}");
        Assert.Contains($"{_b} has the rights of {_group} at once, and {_a} only after SET ROLE.", await ProblemAsync());
    }

    [Fact]
    public async Task A_member_that_may_not_act_as_the_owner_is_found()
    {
        await MakeAsync(asSuperuser: true);
        await RunAsync($"GRANT {_group} TO {_a}; GRANT {_group} TO {_b} WITH SET FALSE");
        await RunAsync($"ALTER ROLE {_a} SET role = {_group}; ALTER ROLE {_b} SET role = {_group}");
        var settings = Alternate();
        settings["ownerRole"] = _group;
        var problem = await ProblemAsync(settings);
        Assert.Contains($"The account {_b} is a member of {_group} and may not act as it (SET FALSE).", problem);

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync(settings));
        await AsAccountAsync(_b, $"SELECT 1 / (current_user = '{_group}')::int");
    }

    [Fact]
    public async Task CREATEROLE_alone_sets_no_password_and_the_advised_grants_are_enough()
    {
        await MakeAsync(asSuperuser: false);
        var problem = await ProblemAsync();
        Assert.Contains($"The administrator {_admin} may not set the password of {_a}.", problem);

        await RunAsync($"GRANT {_a}, {_b} TO {_admin} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE");
        Assert.Null(await ProblemAsync());
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(Alternate())).Kind);
    }

    /// <summary>CREATE ROLE makes its maker an administrator of it; createrole_self_grant may add to that, and need not.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("set, inherit")]
    public async Task Roles_that_the_administrator_made_itself_need_nothing_more(string selfGrant)
    {
        await MakeAsync(asSuperuser: false, accounts: false);
        await AsAccountAsync(_admin, $"SET createrole_self_grant = '{selfGrant}'; CREATE ROLE {_a}; CREATE ROLE {_b}");
        Assert.Null(await ProblemAsync());
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(Alternate())).Kind);

        var settings = Alternate();
        settings["endSessions"] = true;
        var problem = await ProblemAsync(settings);
        Assert.Equal(selfGrant.Length == 0, problem?.StartsWith("endSessions needs a right.", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_right_to_end_sessions_only_after_SET_ROLE_is_none()
    {
        await MakeAsync(asSuperuser: false);
        await RunAsync(
            $"GRANT {_a}, {_b} TO {_admin} WITH ADMIN OPTION, INHERIT FALSE; GRANT pg_signal_backend TO {_admin} WITH INHERIT FALSE");
        var settings = Alternate();
        settings["endSessions"] = true;
        var problem = await ProblemAsync(settings);
        Assert.Contains("endSessions needs a right.", problem);

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync(settings));
    }

    [Fact]
    public async Task An_account_that_is_made_has_the_options_of_the_other_one()
    {
        await MakeAsync(asSuperuser: false, accounts: false);
        var plain = postgres.NewName("group");
        await RunAsync(
            $"CREATE ROLE {plain}; CREATE ROLE {_a}; GRANT {_a} TO {_admin} WITH ADMIN TRUE, INHERIT FALSE; GRANT {plain} TO {_a}; "
                + $"GRANT {_group} TO {_a} WITH INHERIT FALSE, SET TRUE, ADMIN TRUE; GRANT {plain} TO {_admin} WITH ADMIN TRUE");
        var settings = Alternate();
        settings["createAccounts"] = true;
        var problem = await ProblemAsync(settings);
        Assert.Contains($"createAccounts makes the new account a member of {_group}", problem);

        await RunAsync(Statement(problem, "run: "));
        Assert.Null(await ProblemAsync(settings));
        Assert.False(await postgres.Cluster.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{_b}')"));
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(settings)).Kind);
        Assert.Equal(
            $"{plain} t t f, {_group} f t t",
            await postgres.Cluster.ScalarAsync<string>(
                "SELECT string_agg(concat_ws(' ', g.rolname, m.inherit_option, m.set_option, m.admin_option), ', ' ORDER BY g.rolname <> "
                    + $"'{plain}') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = '{_b}'::regrole"));
        Assert.Null(await ProblemAsync(settings));
    }

    private string _connection = "";

    private async Task MakeAsync(bool asSuperuser, bool accounts = true)
    {
        await RunAsync(
            $"CREATE ROLE {_admin} LOGIN CREATEROLE PASSWORD '{Password}'; CREATE ROLE {_group}; CREATE ROLE {_group}_third; "
                + $"CREATE TABLE {_group}_t (id int); GRANT SELECT ON {_group}_t TO {_group}");
        if (accounts)
        {
            await RunAsync($"CREATE ROLE {_a} LOGIN PASSWORD '{Password}'; CREATE ROLE {_b} LOGIN PASSWORD '{Password}'");
        }

        _connection = asSuperuser ? postgres.Admin
            : new NpgsqlConnectionStringBuilder(postgres.Admin) { Username = _admin, Password = Password }.ConnectionString;
    }

    private Task RunAsync(string sql) => postgres.Cluster.ExecuteAsync(sql);

    private async Task AsAccountAsync(string account, string sql)
    {
        var login = new NpgsqlConnectionStringBuilder(postgres.Admin) { Username = account, Password = Password };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private JsonObject Alternate() => new() { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(_a, _b) };

    private ProviderCall Call(JsonObject settings) => new(
        new(settings, new FixedReferences(new Dictionary<string, string> { ["env:ADMIN"] = _connection })),
        "db",
        "db-1",
        1,
        1,
        TimeProvider.System);

    private async Task<string?> ProblemAsync(JsonObject? settings = null)
    {
        var outcome = await _provider.ValidateAsync(Call(settings ?? Alternate()), TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded || outcome.Kind == StepOutcomeKind.Rejected, outcome.Reason);
        return outcome.Reason;
    }

    private async Task<StepOutcome> ApplyAsync(JsonObject settings)
    {
        using var value = SecretValue.FromText("value-1");
        return await _provider.ApplyAsync(Call(settings), new(_b, _b, null), value, null, TestContext.Current.CancellationToken);
    }

    private static string Statement(string? problem, string before = "un: ")
    {
        var from = problem!.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return problem[from..problem.IndexOf(';', from)];
    }
}
