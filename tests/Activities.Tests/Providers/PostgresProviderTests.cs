using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresProviderTests(PostgresFixture postgres)
{
    private readonly PostgresProvider _provider = new();

    [Fact]
    public async Task Sets_a_password_that_logs_in_and_that_the_log_never_shows()
    {
        var (a, b) = await AccountsAsync();
        var text = "S3cret-'\"\\$-" + Guid.NewGuid().ToString("N");
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(Alternate(a, b), a, text)).Kind);

        Assert.Equal(Validity.Valid, await ValidityAsync(Alternate(a, b), a, text));
        Assert.Equal(Validity.Invalid, await ValidityAsync(Alternate(a, b), a, text + "x"));
        await postgres.Cluster.ExecuteAsync("SELECT 'the log has come this far'");
        var log = postgres.Cluster.Log;
        Assert.Contains($"ALTER ROLE \"{a}\" LOGIN PASSWORD 'SCRAM-SHA-256$", log);
        var canaries = new Canaries();
        canaries.Add(text);
        Assert.Null(canaries.FoundIn(log));
    }

    [Fact]
    public async Task Opens_a_locked_account_and_leaves_its_last_day_as_it_is()
    {
        var (a, b) = await AccountsAsync();
        await postgres.Cluster.ExecuteAsync($"ALTER ROLE {a} NOLOGIN VALID UNTIL '2101-01-01 00:00Z'");
        await ApplyAsync(Alternate(a, b), a, "value-1");
        Assert.Equal(Validity.Valid, await ValidityAsync(Alternate(a, b), a, "value-1"));
        Assert.True(await postgres.Cluster.ScalarAsync<bool>(
            $"SELECT rolvaliduntil = '2101-01-01 00:00Z' FROM pg_roles WHERE rolname = '{a}'"));

        await postgres.Cluster.ExecuteAsync($"ALTER ROLE {b} VALID UNTIL '2001-01-01'");
        var expired = await ValidateAsync(Alternate(a, b));
        Assert.Equal(StepOutcomeKind.Rejected, expired.Kind);
        Assert.Contains($"VALID UNTIL of the role {b} has passed", expired.Reason);
    }

    /// <summary>As a person needs it who looks for the mistake.</summary>
    [Theory]
    [InlineData("host", "no-such-host.invalid", "(its name is not found)")]
    [InlineData("port", 1, "(connection refused: nothing listens at that port)")]
    [InlineData("sslMode", "require", "offers no TLS, and 'sslMode' asks for it.")]
    public async Task Why_there_is_no_connection_is_told(string setting, object value, string told)
    {
        var settings = new JsonObject
        {
            ["host"] = postgres.Cluster.Host,
            ["port"] = postgres.Cluster.Port,
            ["user"] = postgres.Cluster.AdminUser,
            ["password"] = "env:ADMIN",
            ["accounts"] = new JsonArray("a", "b"),
            [setting] = JsonValue.Create(value),
        };
        Assert.Contains(told, (await ValidateAsync(settings)).Reason);
    }

    [Fact]
    public async Task Where_applications_log_in_is_looked_at_before_anything_is_changed()
    {
        var (a, b) = await AccountsAsync();
        var settings = Alternate(a, b);
        settings["verifyPort"] = 1;
        var outcome = await ValidateAsync(settings);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("No login could be tried at", outcome.Reason);
        Assert.Contains("nothing listens at that port", outcome.Reason);
    }

    [Theory]
    [InlineData("x\"; DROP ROLE admin; --")]
    [InlineData("it's \\ \"quoted\" $$ {}")]
    [InlineData("Größe ünd 名前")]
    public async Task A_hostile_role_name_is_only_a_name(string name)
    {
        var b = postgres.NewName();
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {SqlText.Identifier(name)} NOLOGIN; CREATE ROLE {b} NOLOGIN");
        var settings = Alternate(name, b);
        settings["endSessions"] = true;
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(settings, name, "value-1")).Kind);
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, name, "value-1"));
        Assert.Equal(Use.NotUsed, (await _provider.ReportUseAsync(Call(settings), new(null, name, null), default)).Use);
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RevokeAsync(Call(settings), new(null, name, null), default)).Kind);
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, name, "value-1"));
        await postgres.Cluster.ExecuteAsync($"DROP ROLE {SqlText.Identifier(name)}");
    }

    [Fact]
    public async Task A_hostile_name_is_quoted_in_every_statement_about_a_new_role()
    {
        const string owner = "own\"er'; DROP ROLE admin; --";
        const string first = "fi\"rst'\\";
        const string second = "se\"cond'\\";
        await postgres.Cluster.ExecuteAsync(
            $"CREATE ROLE {SqlText.Identifier(owner)} NOLOGIN; CREATE ROLE {SqlText.Identifier(first)} LOGIN IN ROLE "
                + $"{SqlText.Identifier(owner)}; ALTER ROLE {SqlText.Identifier(first)} SET search_path = \"$user\", 'we\"ird, one', "
                + $"public; ALTER ROLE {SqlText.Identifier(first)} IN DATABASE postgres SET application_name = 'it''s \\ ; x'");
        var settings = Alternate(first, second);
        settings["createAccounts"] = true;
        settings["ownerRole"] = owner;
        var outcome = await ApplyAsync(settings, second, "value-1");

        Assert.Equal((StepOutcomeKind.Done, null), (outcome.Kind, outcome.Reason));
        Assert.Equal(await SettingsOfAsync(first) + "\n:role=" + owner, await SettingsOfAsync(second));
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, second, "value-1"));
    }

    [Fact]
    public async Task Creates_the_missing_account_like_the_other_one()
    {
        var (a, b, owner, group) = (postgres.NewName(), postgres.NewName(), postgres.NewName("owner"), postgres.NewName("group"));
        await postgres.Cluster.ExecuteAsync(
            $"CREATE ROLE {owner} NOLOGIN; CREATE ROLE {group} NOLOGIN; CREATE ROLE {a} LOGIN PASSWORD 'old-one' CONNECTION LIMIT 7 IN "
                + $"ROLE {owner}, {group}; ALTER ROLE {a} SET statement_timeout = '5s'; ALTER ROLE {a} SET role = {owner}");
        await postgres.Cluster.ExecuteAsync($"CREATE DATABASE {owner} OWNER {owner}");
        var settings = Alternate(a, b);
        settings["createAccounts"] = true;
        settings["ownerRole"] = owner;
        settings["verifyDatabase"] = owner;
        Assert.Equal(StepOutcomeKind.Done, (await ValidateAsync(settings)).Kind);
        Assert.Equal("true", (await ApplyAsync(settings, b, "value-1")).Facts!["created"]);

        await using var connection = await LoginAsync(b, "value-1", owner);
        await using var command = new NpgsqlCommand(
            "CREATE TABLE made_by_b (id int); SELECT current_user || ' ' || session_user || ' ' || current_setting('statement_timeout')",
            connection);
        Assert.Equal($"{owner} {b} 5s", (string?)await command.ExecuteScalarAsync());
        Assert.Equal(7, await postgres.Cluster.ScalarAsync<int>($"SELECT rolconnlimit FROM pg_roles WHERE rolname = '{b}'"));
        Assert.True(await postgres.Cluster.ScalarAsync<bool>($"SELECT pg_has_role('{b}', '{group}', 'MEMBER')"));
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, b, "value-1"));
        Assert.Null((await ApplyAsync(settings, b, "value-1")).Facts!.GetValueOrDefault("created"));
    }

    [Fact]
    public async Task In_place_replaces_the_password_and_is_never_locked()
    {
        var role = postgres.NewName();
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'old-one'");
        var settings = InPlace(role);
        Assert.Equal(StepOutcomeKind.Done, (await ValidateAsync(settings)).Kind);
        await ApplyAsync(settings, role, "new-one");
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, role, "old-one"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _provider.RevokeAsync(Call(settings), new(role, role, null), default)).Kind);
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, role, "new-one"));
    }

    [Theory]
    [InlineData("nologin")]
    [InlineData("scramble")]
    public async Task Revoke_locks_the_account_and_ends_its_sessions(string how)
    {
        var (a, b) = await AccountsAsync();
        var settings = Alternate(a, b);
        settings["lockRetired"] = how;
        settings["endSessions"] = true;
        await ApplyAsync(settings, a, "value-1");
        await using var session = await LoginAsync(a, "value-1");
        var report = await _provider.ReportUseAsync(Call(settings), new(null, a, null), default);
        Assert.Equal(Use.InUse, report.Use);
        Assert.Contains("the-app", report.Detail);

        var outcome = await _provider.RevokeAsync(Call(settings), new(null, a, null), default);
        Assert.Equal("1", outcome.Facts!["sessions ended"]);
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, a, "value-1"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            // Whatever is asked next: the server has closed the session, or is about to.
            while (true)
            {
                await using var command = new NpgsqlCommand("SELECT 1", session);
                await command.ExecuteScalarAsync();
            }
        });
        Assert.Equal(
            how == "scramble",
            await postgres.Cluster.ScalarAsync<bool>($"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{a}'"));
    }

    [Fact]
    public async Task Sessions_stay_when_nobody_asked_to_end_them()
    {
        var (a, b) = await AccountsAsync();
        await ApplyAsync(Alternate(a, b), a, "value-1");
        await using var session = await LoginAsync(a, "value-1");
        var outcome = await _provider.RevokeAsync(Call(Alternate(a, b)), new(null, a, null), default);
        Assert.Equal("1", outcome.Facts!["sessions still open"]);
        await using var command = new NpgsqlCommand("SELECT 1", session);
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Sessions_that_may_not_be_ended_are_no_reason_to_say_that_nothing_happened()
    {
        var (a, b) = await AccountsAsync();
        var middle = postgres.NewName("middle");
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {middle} LOGIN CREATEROLE PASSWORD 'weak-password'");
        var settings = Alternate(a, b);
        settings["connection"] = "env:MIDDLE";
        settings["endSessions"] = true;
        await ApplyAsync(Alternate(a, b), a, "value-1");
        await using var session = await LoginAsync(a, "value-1");
        var call = Call(
            settings,
            (
                "env:MIDDLE",
                new NpgsqlConnectionStringBuilder(postgres.Admin) { Username = middle, Password = "weak-password" }.ConnectionString));
        if (postgres.Cluster.MajorVersion >= 16)
        {
            await postgres.Cluster.ExecuteAsync($"GRANT {a} TO {middle} WITH ADMIN OPTION, INHERIT FALSE");
        }

        var outcome = await _provider.RevokeAsync(call, new(a, a, null), default);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains($"GRANT pg_signal_backend TO \"{middle}\";", outcome.Reason);
        Assert.Equal(Validity.Invalid, await ValidityAsync(Alternate(a, b), a, "value-1"));
    }

    [Fact]
    public async Task A_missing_right_is_rejected_with_the_statements_that_grant_it()
    {
        var (a, b) = await AccountsAsync();
        var weak = postgres.NewName("weak");
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {weak} LOGIN PASSWORD 'weak-password'");
        var settings = Alternate(a, b);
        settings.Remove("connection");
        settings["host"] = postgres.Cluster.Host;
        settings["port"] = postgres.Cluster.Port;
        settings["user"] = weak;
        settings["password"] = "env:WEAK";
        settings["endSessions"] = true;

        var validated = await ValidateAsync(settings);
        Assert.Equal(StepOutcomeKind.Rejected, validated.Kind);
        Assert.Contains($"ALTER ROLE \"{weak}\" CREATEROLE;", validated.Reason);
        Assert.Contains($"GRANT pg_signal_backend TO \"{weak}\";", validated.Reason);
        var applied = await ApplyAsync(settings, a, "value-1");
        Assert.Equal(StepOutcomeKind.Rejected, applied.Kind);

        // The very statements that the refusal names are enough.
        var grants = applied.Reason![(applied.Reason!.IndexOf("run: ", StringComparison.Ordinal) + 5)..];
        await postgres.Cluster.ExecuteAsync(grants);
        Assert.Equal((StepOutcomeKind.Done, null), ((await ValidateAsync(settings)) is var again ? again.Kind : default, again.Reason));
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(settings, a, "value-1")).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RevokeAsync(Call(settings), new(null, a, null), default)).Kind);
    }

    [Fact]
    public async Task The_login_by_which_Rotunda_comes_in_is_not_replaced_in_place()
    {
        var role = postgres.NewName();
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'weak-password'");
        var settings = InPlace(role);
        settings["connection"] = "env:SELF";
        var call = Call(
            settings,
            ("env:SELF", $"postgresql://{role}:weak-password@{postgres.Cluster.Host}:{postgres.Cluster.Port}/postgres?sslmode=prefer"));
        var outcome = await _provider.ValidateAsync(call, default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(role, outcome.Reason);
    }

    [Fact]
    public async Task Where_any_password_would_do_nothing_is_proven()
    {
        var (a, b) = await AccountsAsync();
        await postgres.Cluster.AddHbaLineAsync($"host all {a} 127.0.0.1/32 trust");
        await ApplyAsync(Alternate(a, b), a, "value-1");
        Assert.Equal(Validity.CannotTell, await ValidityAsync(Alternate(a, b), a, "value-1"));
        var outcome = await ValidateAsync(Alternate(a, b));
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("trust in pg_hba.conf", outcome.Reason);
    }

    [Fact]
    public async Task Where_no_login_is_let_in_from_here_nobody_can_tell()
    {
        var (a, b) = await AccountsAsync();
        await postgres.Cluster.AddHbaLineAsync($"host all {a} 127.0.0.1/32 reject");
        await ApplyAsync(Alternate(a, b), a, "value-1");
        Assert.Equal(Validity.CannotTell, await ValidityAsync(Alternate(a, b), a, "value-1"));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_tried_later()
    {
        var settings = Alternate("a", "b");
        var call = Call(settings, ("env:ADMIN", "Host=127.0.0.1;Port=1;Username=x;Password=unreachable-password"));
        var outcome = await _provider.ValidateAsync(call, default);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Equal(Use.CannotTell, (await _provider.ReportUseAsync(call, new(null, "a", null), default)).Use);
        using var value = SecretValue.FromText("value-1");
        Assert.Equal(Validity.CannotTell, (await _provider.VerifyAsync(call, new(null, "a", null), value, default)).Validity);
    }

    [Fact]
    public async Task Values_that_clients_read_differently_are_not_used()
    {
        var outcome = await ApplyAsync(Alternate("a", "b"), "a", "pässword");
        Assert.Equal(StepOutcomeKind.NewValueNeeded, outcome.Kind);
        Assert.Contains("ASCII", outcome.Reason);
    }

    [Fact]
    public async Task Only_the_roles_of_the_binding_are_touched()
    {
        var (a, b) = await AccountsAsync();
        Assert.Equal(StepOutcomeKind.Rejected, (await ApplyAsync(Alternate(a, b), "admin", "value-1")).Kind);
        Assert.Equal(
            StepOutcomeKind.Rejected,
            (await _provider.RevokeAsync(Call(Alternate(a, b)), new("admin", "admin", null), default)).Kind);
    }

    [Theory]
    [InlineData(
        "postgresql://user:p%40ss%3Aw%2Frd@host:5433/db%20x?sslmode=verify-full&connect_timeout=7",
        "Host=host;Port=5433;Database=db x;Username=user;Password=p@ss:w/rd;SSL Mode=VerifyFull;Timeout=7")]
    [InlineData("postgres://user@[::1]:5433/db", "Host=::1;Port=5433;Database=db;Username=user")]
    [InlineData(
        "postgresql:///db?host=/run/postgresql&user=u&target_session_attrs=read-write",
        "Host=/run/postgresql;Database=db;Username=u;Target Session Attributes=read-write")]
    [InlineData("postgresql://u@h1:1,h2:2/db", "Host=h1:1,h2:2;Database=db;Username=u")]
    public void Reads_connection_URIs(string uri, string keywords) =>
        Assert.True(PostgresConnectionText.Read(uri).EquivalentTo(new NpgsqlConnectionStringBuilder(keywords)));

    [Theory]
    [InlineData("host=127.0.0.1 port=5433 user=u password=p;w dbname=d", "Host=127.0.0.1;Port=5433;Username=u;Password='p;w';Database=d")]
    [InlineData(
        @"host = h user=u password='it\'s a \\ b' sslmode=verify-full",
        @"Host=h;Username=u;Password=""it's a \ b"";SSL Mode=VerifyFull")]
    [InlineData("user=u host=/run/postgresql", "Username=u;Host=/run/postgresql")]
    [InlineData("host=h;password=a b=c;username=u", "Host=h;Password='a b=c';Username=u")]
    public void Reads_the_keywords_of_libpq_and_of_Npgsql(string text, string keywords) =>
        Assert.True(PostgresConnectionText.Read(text).EquivalentTo(new NpgsqlConnectionStringBuilder(keywords)));

    [Theory]
    [InlineData("Host=127.0.0.1 Port=5432 Username=u Password=cAnary-1")]
    [InlineData("Host=127.0.0.1, Password=cAnary-1")]
    [InlineData("host=127.0.0.1 password=cAnary-1 colour=blue")]
    [InlineData("host=u:cAnary-1@h user=u")]
    [InlineData("postgresql://u:12/cAnary-1@h/db")]
    [InlineData("postgresql://u:12?cAnary-1@h/db")]
    [InlineData("Host=postgresql://u:cAnary-1@h/db;Username=u")]
    [InlineData("Host=h;Password=cAnary-1;2")]
    [InlineData("postgresql://u:cAnary-1@h:port/db")]
    [InlineData("postgresql://u:x@h/db?cAnary-1=2")]
    [InlineData("cAnary-1")]
    public void A_connection_that_cannot_be_read_is_not_quoted(string text)
    {
        var exception = Assert.Throws<PostgresSetupException>(() => PostgresConnectionText.Read(text));
        Assert.DoesNotContain("cAnary", exception.ToString());
    }

    private async Task<(string A, string B)> AccountsAsync()
    {
        var (a, b) = (postgres.NewName(), postgres.NewName());
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {a} NOLOGIN; CREATE ROLE {b} NOLOGIN");
        return (a, b);
    }

    [Fact]
    public async Task A_connection_that_names_no_database_goes_to_postgres()
    {
        var (a, b) = await AccountsAsync();
        var settings = Alternate(a, b);
        settings["connection"] = "env:NO_DATABASE";
        var call = Call(settings, ("env:NO_DATABASE", postgres.Admin.Replace("Database=postgres;", "", StringComparison.Ordinal)));
        var validated = await _provider.ValidateAsync(call, default);
        Assert.True(validated.Kind == StepOutcomeKind.Done, validated.Reason);
    }

    private static JsonObject Alternate(string a, string b) => new() { ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(a, b) };

    /// <summary>The administrator's own password, replaced in place, would shut Rotunda out for good.</summary>
    [Fact]
    public async Task The_very_login_by_which_Rotunda_comes_in_is_not_replaced_in_place()
    {
        var admin = new Npgsql.NpgsqlConnectionStringBuilder(postgres.Cluster.AdminConnectionString).Username!;

        var outcome = await ValidateAsync(InPlace(admin));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("Give Rotunda a login of its own", outcome.Reason);
    }

    private static JsonObject InPlace(string role) => new() { ["connection"] = "env:ADMIN", ["role"] = role };

    private ProviderCall Call(JsonObject settings, params (string Reference, string Value)[] references)
    {
        var all = new Dictionary<string, string> { ["env:ADMIN"] = postgres.Admin, ["env:WEAK"] = "weak-password" };
        foreach (var (reference, value) in references)
        {
            all[reference] = value;
        }

        return new(new(settings, new FixedReferences(all)), "db", "db-1", 1, 1, TimeProvider.System);
    }

    private Task<StepOutcome> ValidateAsync(JsonObject settings) => _provider.ValidateAsync(Call(settings), default);

    private async Task<StepOutcome> ApplyAsync(JsonObject settings, string account, string text)
    {
        using var value = SecretValue.FromText(text);
        return await _provider.ApplyAsync(Call(settings), new(account, account, null), value, null, default);
    }

    private async Task<Validity> ValidityAsync(JsonObject settings, string account, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await _provider.VerifyAsync(Call(settings), new(account, account, null), value, default)).Validity;
    }

    private async Task<NpgsqlConnection> LoginAsync(string account, string password, string database = "postgres")
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.Admin)
        {
            Username = account,
            Password = password,
            Database = database,
            ApplicationName = "the-app",
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private Task<string?> SettingsOfAsync(string role) => postgres.Cluster.ScalarAsync<string>(
        "SELECT string_agg(coalesce(d.datname, '') || ':' || e, E'\\n' ORDER BY d.datname NULLS LAST, e DESC) FROM pg_db_role_setting s "
            + "JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) e WHERE "
            + $"r.rolname = {SqlText.Literal(role)}");
}
