using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Managed services, played by a real server with their roles and settings, and an administrator that is no superuser.</summary>
[Collection(NewerPostgresTestGroup.Name)]
public sealed class PostgresManagedTests(NewerPostgresFixture postgres)
{
    private const string Password = "pass-1234";
    private readonly PostgresProvider _provider = new();
    private readonly string _a = postgres.NewName();
    private readonly string _b = postgres.NewName();
    private readonly string _admin = postgres.NewName("admin");
    private int _port;

    public static TheoryData<string> Marks => [.. ManagedService.All.Select(service => service.Mark)];

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task A_service_is_told_by_its_role_and_nobody_is_sent_to_a_superuser(string mark)
    {
        await using var service = await AsAsync(mark);
        await RunAsync($"REVOKE {_a} FROM {_admin}");
        var settings = Settings(mark);
        var told = ManagedService.All.Single(one => one.Mark == mark);
        var problem = await ProblemAsync(settings);
        Assert.Contains($"may not set the password of {_a}. As {told.Grantor}, run: ", problem);
        Assert.DoesNotContain("superuser, run", problem);

        await RunAsync($"GRANT {_a} TO {_admin} WITH ADMIN OPTION");
        var outcome = await ValidateAsync(settings);
        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal($"PostgreSQL {postgres.Cluster.MajorVersion} ({told.Name})", outcome.Facts!["server"]);
    }

    /// <summary>pg_authid is closed, the accounts' rights are not the administrator's, and there is no superuser.</summary>
    [Theory]
    [InlineData("verifier")]
    [InlineData("text")]
    public async Task It_conforms_with_what_a_service_s_administrator_may(string sendAs)
    {
        await using var service = await AsAsync("rds_superuser");
        await RunAsync(
            "CREATE TABLE IF NOT EXISTS public.conform_used (id int); GRANT SELECT ON public.conform_used TO PUBLIC; "
                + $"GRANT pg_signal_backend, pg_read_all_stats TO {_admin}");
        var name = postgres.NewName("conform");
        await AsAdminAsync($"CREATE ROLE {name}; CREATE ROLE {name}_b");
        await using var environment =
            new PostgresEnvironment(postgres.Cluster, Connection, name, "nologin") { More = new() { ["sendAs"] = sendAs } };
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task RDS_may_keep_passwords_to_members_of_rds_password()
    {
        await using var service = await AsAsync("rds_superuser", "rds_password");
        await RunAsync($"ALTER ROLE {_admin} SET \"rds.restrict_password_commands\" = 'on'");
        var problem = await ProblemAsync(Settings());
        Assert.Contains("rds.restrict_password_commands", problem);
        Assert.Contains("As the master user", problem);

        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync(Settings()));
    }

    [Theory]
    [InlineData("rds_superuser", "rds_iam")]
    [InlineData("cloudsqlsuperuser", "cloudsqliamuser")]
    [InlineData("cloudsqlsuperuser", "cloudsqliamserviceaccount")]
    public async Task An_account_that_logs_in_by_a_token_has_no_password_to_rotate(string mark, string group)
    {
        await using var service = await AsAsync(mark, group);
        await RunAsync($"GRANT {group} TO {_a}, {_b}");
        var problem = await ProblemAsync(Settings());
        Assert.Contains($"{_a} is a member of {group}: ", problem);

        await RunAsync(Statement(problem));
        problem = await ProblemAsync(Settings());
        Assert.Contains($"{_b} is a member of {group}: ", problem);
        await RunAsync(Statement(problem));
        Assert.Null(await ProblemAsync(Settings()));
    }

    [Fact]
    public async Task An_Entra_principal_has_no_password_to_rotate()
    {
        await using var service = await AsAsync("azure_pg_admin");
        await RunAsync(
            "INSERT INTO pg_shseclabel (objoid, classoid, provider, label) "
                + $"VALUES ('{_a}'::regrole, 'pg_authid'::regclass, 'pgaadauth', 'aadauth,oid=0,type=user')");
        Assert.Contains($"{_a} is a principal of Microsoft Entra", await ProblemAsync(Settings()));
        await RunAsync("DELETE FROM pg_shseclabel WHERE provider = 'pgaadauth'");
        Assert.Null(await ProblemAsync(Settings()));
    }

    [Fact]
    public async Task Supabase_s_own_roles_are_not_touched()
    {
        await using var service = await AsAsync("supabase_admin");
        await RunAsync($"ALTER ROLE {_admin} SET \"supautils.reserved_roles\" = 'authenticator, {_b}*, pgbouncer'");
        Assert.Contains($"{_b} is a role of Supabase itself (supautils.reserved_roles)", await ProblemAsync(Settings()));
    }

    [Fact]
    public async Task Neon_is_asked_by_another_provider_or_gets_the_password_itself()
    {
        await using var service = await AsAsync("neon_superuser");
        var problem = await ProblemAsync(Settings());
        Assert.Contains("Use the provider neon-roles", problem);
        Assert.Contains("set sendAs: text", problem);

        var settings = Settings("neon_superuser");
        Assert.Null(await ProblemAsync(settings));
        const string text = "it's \\ a $text$ of \"mine\"";
        using var value = SecretValue.FromText(text);
        var outcome = await _provider.ApplyAsync(Call(settings), new(_b, _b, null), value, null, TestContext.Current.CancellationToken);
        Assert.Equal((StepOutcomeKind.Done, null), (outcome.Kind, outcome.Reason));
        Assert.StartsWith(
            "SCRAM-SHA-256$",
            await postgres.Cluster.ScalarAsync<string>($"SELECT rolpassword FROM pg_authid WHERE rolname = '{_b}'"));
        var verified = await _provider.VerifyAsync(Call(settings), new(_b, _b, null), value, TestContext.Current.CancellationToken);
        Assert.Equal(Validity.Valid, verified.Validity);
    }

    /// <summary>A hook of the service says no to what the server's own catalogs allow.</summary>
    [Theory]
    [InlineData("PASSWORD 'SCRAM-SHA-256$", "22023", "passwords cannot be set in hashed form", "get a new password", true)]
    [InlineData("NOLOGIN PASSWORD NULL", "42501", "roles must have a password", "be locked", true)]
    [InlineData("CREATE ROLE", "42501", "roles are made in the console", "be made", false)]
    public async Task What_a_service_refuses_is_heard_of_before_anything_is_changed(
        string part,
        string state,
        string message,
        string what,
        bool accounts)
    {
        await using var service = await AsAsync("cloudsqlsuperuser", null, accounts);
        await using var wire = new RefusingProxy(postgres.Cluster.Port, part, state, message);
        _port = wire.Port;
        var settings = Settings();
        settings["createAccounts"] = true;
        var before = await StateAsync();

        var problem = await ProblemAsync(settings);

        Assert.Contains($"{_a} cannot {what} ({message}, SQLSTATE {state}). As postgres (a member of cloudsqlsuperuser)", problem);
        Assert.Equal(accounts, problem!.Contains("set sendAs: text", StringComparison.Ordinal));
        Assert.Equal((1, before), (wire.Refused, await StateAsync()));
        if (part.StartsWith("PASSWORD", StringComparison.Ordinal))
        {
            settings["sendAs"] = "text";
            Assert.Null(await ProblemAsync(settings));
        }

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_password_itself_goes_over_no_open_wire()
    {
        await using var service = await AsAsync("neon_superuser");
        var settings = Settings("neon_superuser");
        (settings["connection"], settings["sslMode"]) = ("env:FAR", "prefer");
        var outcome = await ValidateAsync(settings);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("Set sslMode: require", outcome.Reason);
    }

    /// <summary>An empty list would read as "nobody uses it".</summary>
    [Fact]
    public async Task Sessions_that_are_counted_and_not_shown_are_not_taken_for_none()
    {
        await using var service = await AsAsync("rds_superuser");
        var database = postgres.NewName("shy");
        await RunAsync($"CREATE DATABASE {database}");
        await using (var inside = await OpenAsync(postgres.Cluster.AdminUser, postgres.Cluster.AdminPassword, database))
        {
            await using var view = new NpgsqlCommand(
                "SET allow_system_table_mods = on; "
                    + "ALTER VIEW pg_catalog.pg_stat_activity RENAME TO pg_all_activity; "
                    + "CREATE VIEW pg_catalog.pg_stat_activity AS SELECT * FROM pg_catalog.pg_all_activity "
                    + "WHERE pg_has_role('pg_read_all_stats', 'USAGE') OR pg_has_role(usesysid, 'USAGE'); "
                    + "GRANT SELECT ON pg_catalog.pg_stat_activity TO PUBLIC",
                inside);
            await view.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await RunAsync($"REVOKE {_a}, {_b} FROM {_admin}; GRANT {_a}, {_b} TO {_admin} WITH ADMIN OPTION, INHERIT FALSE");
        await RunAsync($"ALTER ROLE {_a} LOGIN PASSWORD '{Password}'");
        await using var session = await OpenAsync(_a, Password, "postgres");
        var settings = Settings();
        settings["connection"] = "env:SHY";
        _shy = database;

        var hidden = await _provider.ReportUseAsync(Call(settings), new(_a, _a, null), TestContext.Current.CancellationToken);
        Assert.Equal(Use.CannotTell, hidden.Use);
        Assert.Contains(Statement(hidden.Detail), (await ValidateAsync(settings)).Facts!["warning"]);
        await RunAsync(Statement(hidden.Detail));
        var shown = await _provider.ReportUseAsync(Call(settings), new(_a, _a, null), TestContext.Current.CancellationToken);
        Assert.Equal(Use.InUse, shown.Use);
    }

    private string _shy = "postgres";

    private string Connection => new NpgsqlConnectionStringBuilder(postgres.Admin)
    {
        Username = _admin, Password = Password, Port = _port == 0 ? postgres.Cluster.Port : _port,
    }.ConnectionString;

    /// <summary>The service's roles, for as long as the test lasts.</summary>
    private async Task<IAsyncDisposable> AsAsync(string mark, string? other = null, bool accounts = true)
    {
        var roles = other is null ? mark : $"{mark}, {other}";
        await RunAsync(string.Join("; ", roles.Split(", ").Select(role => $"CREATE ROLE {role}")));
        await RunAsync($"CREATE ROLE {_admin} LOGIN CREATEROLE CREATEDB PASSWORD '{Password}'; GRANT {mark} TO {_admin}");
        if (accounts)
        {
            await RunAsync(
                $"CREATE ROLE {_a}; CREATE ROLE {_b}; GRANT {_a}, {_b} TO {_admin} WITH ADMIN OPTION");
        }

        return new Roles(() => RunAsync($"DROP ROLE {roles}"));
    }

    private Task RunAsync(string sql) => postgres.Cluster.ExecuteAsync(sql);

    private async Task AsAdminAsync(string sql)
    {
        await using var connection = await OpenAsync(_admin, Password, "postgres");
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(string user, string password, string database)
    {
        var login = new NpgsqlConnectionStringBuilder(postgres.Admin) { Username = user, Password = password, Database = database };
        var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private Task<string?> StateAsync() => postgres.Cluster.ScalarAsync<string>(
        "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolpassword), ', ' ORDER BY rolname) FROM pg_authid "
            + $"WHERE rolname IN ('{_a}', '{_b}', '{_admin}')");

    /// <summary>At Neon those that work there.</summary>
    private JsonObject Settings(string mark = "")
    {
        var settings = new JsonObject { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(_a, _b) };
        if (mark == ManagedService.NeonMark)
        {
            settings["sendAs"] = "text";
        }

        return settings;
    }

    private ProviderCall Call(JsonObject settings) => new(
        new(settings, new FixedReferences(new Dictionary<string, string>
        {
            ["env:ADMIN"] = Connection,
            ["env:SHY"] = new NpgsqlConnectionStringBuilder(Connection) { Database = _shy }.ConnectionString,
            ["env:FAR"] = new NpgsqlConnectionStringBuilder(Connection) { Host = "db.example.org" }.ConnectionString,
        })),
        "db",
        "db-1",
        1,
        1,
        TimeProvider.System);

    private Task<StepOutcome> ValidateAsync(JsonObject settings) =>
        _provider.ValidateAsync(Call(settings), TestContext.Current.CancellationToken);

    private async Task<string?> ProblemAsync(JsonObject settings)
    {
        var outcome = await ValidateAsync(settings);
        Assert.True(outcome.Succeeded || outcome.Kind == StepOutcomeKind.Rejected, outcome.Reason);
        return outcome.Reason;
    }

    private static string Statement(string? problem)
    {
        var from = problem!.IndexOf("un: ", StringComparison.Ordinal) + "un: ".Length;
        return problem[from..problem.IndexOf(';', from)];
    }

    private sealed class Roles(Func<Task> drop) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await drop();
    }
}
