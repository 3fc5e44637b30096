using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>A login that works is no proof that the application can work with it. Each statement that is advised mends it.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class PostgresRightsTests(PostgresFixture postgres)
{
    private const string Password = "pass-1234";
    private readonly PostgresProvider _provider = new();
    private readonly string _a = postgres.NewName();
    private readonly string _b = postgres.NewName();

    [Fact]
    public async Task An_account_that_lacks_the_others_objects_is_refused_until_the_advised_grant_was_run()
    {
        await MakeAsync();
        await RunAsync($"CREATE TABLE of_{_a} (id int); ALTER TABLE of_{_a} OWNER TO {_a}");
        var problem = await ProblemAsync();
        Assert.Contains($"{_a} owns table of_{_a}.", problem);

        await RunAsync(Statement(problem, "GRANT"));
        Assert.Null(await ProblemAsync());
        await RunAsync($"SET ROLE {_b}; SELECT count(*) FROM of_{_a}");
    }

    [Fact]
    public async Task A_privilege_of_one_account_alone_is_found()
    {
        await MakeAsync();
        await RunAsync($"CREATE TABLE read_{_a} (id int); GRANT SELECT ON read_{_a} TO {_a}");
        var problem = await ProblemAsync();
        Assert.Contains($"{_a} has privileges on table read_{_a}.", problem);

        await RunAsync($"GRANT SELECT ON read_{_a} TO {_b}");
        Assert.Null(await ProblemAsync());
    }

    [Fact]
    public async Task A_group_of_one_account_alone_is_found()
    {
        await MakeAsync();
        var group = postgres.NewName("group");
        await RunAsync($"CREATE ROLE {group} NOLOGIN; GRANT {group} TO {_b}");
        var problem = await ProblemAsync();
        Assert.Contains($"{_b} is a member of {group}, and {_a} is not.", problem);

        await RunAsync(Statement(problem, "GRANT"));
        Assert.Null(await ProblemAsync());
    }

    /// <summary>Up to PostgreSQL 15 the member decides, from 16 on the membership.</summary>
    [Fact]
    public async Task Rights_of_a_group_that_one_account_has_only_after_SET_ROLE_are_found()
    {
        await MakeAsync();
        var group = postgres.NewName("group");
        await RunAsync($"CREATE ROLE {group} NOLOGIN; ALTER ROLE {_b} NOINHERIT; GRANT {group} TO {_a}, {_b}");
        var problem = await ProblemAsync();
        Assert.Contains($"{_a} has the rights of {group} at once, and {_b} only after SET ROLE.", problem);

        await RunAsync(Statement(problem, postgres.Cluster.MajorVersion >= 16 ? "GRANT" : "ALTER"));
        Assert.Null(await ProblemAsync());
    }

    [Theory]
    [InlineData("", "ON TABLES")]
    [InlineData(" IN SCHEMA public", "ON SEQUENCES")]
    public async Task Tables_of_tomorrow_that_one_account_alone_may_read_are_found(string where, string kind)
    {
        await MakeAsync();
        var maker = postgres.NewName("maker");
        await RunAsync($"CREATE ROLE {maker}; ALTER DEFAULT PRIVILEGES FOR ROLE {maker}{where} GRANT SELECT, UPDATE {kind} TO {_b}");
        var problem = await ProblemAsync();
        Assert.Contains($"that {maker} makes from now on are open to {_b}, and not to {_a}.", problem);
        Assert.DoesNotContain("has privileges on", problem, StringComparison.Ordinal);

        await RunAsync(Statement(problem, "ALTER DEFAULT"));
        Assert.Null(await ProblemAsync());
    }

    [Fact]
    public async Task What_others_get_of_what_one_account_makes_is_found_unless_all_is_an_owner_s()
    {
        await MakeAsync();
        var (reader, owner) = (postgres.NewName("reader"), postgres.NewName("owner"));
        await RunAsync(
            $"CREATE ROLE {reader}; CREATE ROLE {owner}; ALTER DEFAULT PRIVILEGES FOR ROLE {_a} GRANT SELECT ON TABLES TO {reader}");
        var problem = await ProblemAsync();
        Assert.Contains($"that {_a} makes from now on are open to {reader}, and those that {_b} makes are not.", problem);

        var settings = Alternate();
        settings["ownerRole"] = owner;
        await RunAsync($"GRANT {owner} TO {_a}, {_b}; ALTER ROLE {_a} SET role = {owner}; ALTER ROLE {_b} SET role = {owner}");
        Assert.Null(await ProblemAsync(settings));
        await RunAsync($"REVOKE {owner} FROM {_a}, {_b}; ALTER ROLE {_a} RESET role; ALTER ROLE {_b} RESET role");
        await RunAsync(Statement(problem, "ALTER DEFAULT"));
        Assert.Null(await ProblemAsync());
    }

    [Theory]
    [InlineData("search_path = 'shop', public", "")]
    [InlineData("statement_timeout = '5s'", " IN DATABASE postgres")]
    public async Task A_setting_of_one_account_alone_is_found(string setting, string where)
    {
        await MakeAsync();
        await RunAsync($"ALTER ROLE {_a}{where} SET {setting}");
        var problem = await ProblemAsync();
        Assert.Contains($"{setting.Split(' ')[0]} is set for {_a}", problem);

        await RunAsync(Statement(problem, "ALTER"));
        Assert.Null(await ProblemAsync());
    }

    [Theory]
    [InlineData("BYPASSRLS", "NOBYPASSRLS")]
    [InlineData("CONNECTION LIMIT 9", "CONNECTION LIMIT 3")]
    [InlineData("CONNECTION LIMIT -1", "CONNECTION LIMIT 3")]
    public async Task An_attribute_of_one_account_alone_is_found(string more, string less)
    {
        await MakeAsync();
        await RunAsync($"ALTER ROLE {_a} {less}; ALTER ROLE {_b} {more}");
        var problem = await ProblemAsync();
        Assert.Contains($"One of {_a} and {_b} is {more}, and {_a} is {less}.", problem);

        await RunAsync(Statement(problem, "ALTER"));
        Assert.Null(await ProblemAsync());
    }

    [Fact]
    public async Task The_value_of_an_application_s_own_setting_is_in_no_message()
    {
        await MakeAsync();
        await RunAsync($"ALTER ROLE {_a} SET pgrst.jwt_secret = 'canary-value'");
        var problem = await ProblemAsync();
        Assert.Contains($"pgrst.jwt_secret is set for {_a} (to ...) and not for {_b}.", problem);
        Assert.DoesNotContain("canary-value", problem);
    }

    [Theory]
    [InlineData("FATAL", "08P01", StepOutcomeKind.Unknown)]
    [InlineData("ERROR", "08006", StepOutcomeKind.Unknown)]
    [InlineData("ERROR", "40003", StepOutcomeKind.Unknown)]
    [InlineData("FATAL", "57P01", StepOutcomeKind.Unknown)]
    [InlineData("PANIC", "XX000", StepOutcomeKind.Unknown)]
    [InlineData("ERROR", "40001", StepOutcomeKind.RetryLater)]
    public void What_ended_the_session_may_have_happened(string severity, string code, StepOutcomeKind expected)
    {
        var told = new Npgsql.PostgresException("told", severity, severity, code);
        Assert.Equal(expected, PostgresFailures.AfterSending(told, null!, "the password was being set").Kind);
    }

    [Fact]
    public async Task A_role_that_may_not_connect_is_found_before_and_the_grant_mends_it()
    {
        var role = postgres.NewName();
        var database = postgres.NewName("shut");
        await RunAsync($"CREATE ROLE {role} LOGIN PASSWORD '{Password}'");
        await RunAsync($"CREATE DATABASE {database}");
        await RunAsync($"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC");
        var settings = new JsonObject { ["connection"] = "env:ADMIN", ["role"] = role, ["verifyDatabase"] = database };
        var problem = await ProblemAsync(settings);
        Assert.Contains($"The role {role} may not connect to the database {database}", problem);

        // The server refuses only after it has taken the password.
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, role, Password));
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, role, "wrong"));

        await RunAsync(Statement(problem, "GRANT"));
        Assert.Null(await ProblemAsync(settings));
    }

    [Fact]
    public async Task A_role_that_has_no_connection_left_has_proven_its_password()
    {
        var role = postgres.NewName();
        await RunAsync($"CREATE ROLE {role} LOGIN PASSWORD '{Password}' CONNECTION LIMIT 0");
        var settings = new JsonObject { ["connection"] = "env:ADMIN", ["role"] = role };
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, role, Password));
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, role, "wrong"));
    }

    [Theory]
    [InlineData("NOLOGIN", AccountState.Locked)]
    [InlineData("LOGIN", AccountState.Open)]
    [InlineData("LOGIN VALID UNTIL '2001-01-01'", AccountState.Locked)]
    public async Task An_account_tells_whether_it_is_open_and_how_to_lock_it(string attributes, AccountState expected)
    {
        await MakeAsync();
        await RunAsync($"ALTER ROLE {_b} {attributes} PASSWORD '{Password}'");
        var report = await _provider.LookAsync(Call(Alternate()), new(_b, _b, null), TestContext.Current.CancellationToken);
        Assert.Equal(expected, report.State);
        if (report.Lock is { } statement)
        {
            await RunAsync(statement);
            report = await _provider.LookAsync(Call(Alternate()), new(_b, _b, null), TestContext.Current.CancellationToken);
            Assert.Equal(AccountState.Locked, report.State);
        }
    }

    private Task MakeAsync() => RunAsync($"CREATE ROLE {_a} NOLOGIN; CREATE ROLE {_b} NOLOGIN");

    private Task RunAsync(string sql) => postgres.Cluster.ExecuteAsync(sql);

    private JsonObject Alternate() => new() { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(_a, _b) };

    private ProviderCall Call(JsonObject settings) => new(
        new(settings, new FixedReferences(new Dictionary<string, string> { ["env:ADMIN"] = postgres.Admin })),
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

    private async Task<Validity> ValidityAsync(JsonObject settings, string account, string password)
    {
        using var value = SecretValue.FromText(password);
        return (await _provider.VerifyAsync(Call(settings), new(account, account, null), value, TestContext.Current.CancellationToken))
            .Validity;
    }

    private static string Statement(string? problem, string verb)
    {
        var from = problem!.IndexOf("Run: " + verb, StringComparison.Ordinal) + "Run: ".Length;
        return problem[from..problem.IndexOf(';', from)];
    }
}
